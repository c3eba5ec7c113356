/* The sandbox's own reading and writing of dates: it must not share base/time.h with the agent, or a mistake
 * there would look right from both sides.
 *
 * Read: the forms of docs/qtest-api.md 3.4: "YYYY-MM-DD", or with "Thh:mm[:ss[.fraction]]" and "Z", "+hh:mm",
 * "+hhmm" or "+hh"; without an offset UTC. Written: with the offset of the switch `zone`. HTTP dates as RFC
 * 7231 says.
 */
#ifndef SANDBOX_DATES_H
#define SANDBOX_DATES_H

#include <stdbool.h>
#include <stdint.h>

#define DATE_TEXT_SIZE 40

/* Milliseconds since 1970 UTC. False leaves *ret_ms alone. Years 1 to 9999. */
bool date_read(const char *text, int64_t *ret_ms);
/* "2020-05-01T23:47:54+07:00", or with ".123" before the offset. */
void date_write(int64_t instant_ms, int zone_minutes, bool milliseconds, char ret_text[DATE_TEXT_SIZE]);
/* "2020-05-01", the day in UTC. */
void date_write_day(int64_t instant_ms, char ret_text[DATE_TEXT_SIZE]);
/* "Fri, 01 May 2020 16:47:54 GMT" */
void date_write_http(int64_t instant_ms, char ret_text[DATE_TEXT_SIZE]);
/* "2020-05-01 16:47:54", for pages. */
void date_write_page(int64_t instant_ms, char ret_text[DATE_TEXT_SIZE]);
int64_t date_now_ms(void);

#endif
