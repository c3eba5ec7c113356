/* The oracle of the tests: every request and its reply as one line of JSON (--log FILE), written before the
 * reply is sent.
 *
 *     {"time": "2026-01-31T10:00:00.123+00:00", "method": "POST", "target":
 * "/api/v3/projects/1/test-cycles?parentId=0", "status": 201, "headers": {"Content-Type":
 * "application/json"}, "request": {...}, "response": {...}}
 *
 * Bodies that are JSON stand as they are, others as text; binary ones become text with U+FFFD. `status` is
 * what the work gave; "fault" says that the reply was lost or changed on purpose ("rule", "lost-reply"), with
 * "delivered": false when nothing was sent. Tokens and passwords are masked.
 */
#ifndef SANDBOX_REQUEST_LOG_H
#define SANDBOX_REQUEST_LOG_H

struct answer;
struct error;
struct request;
struct request_log;

int request_log_open(struct request_log **ret_log, const char *path, struct error *err); /* ERR_IO; appends */
void request_log_close(struct request_log *log);
/* May be called by many threads; NULL log does nothing. */
void request_log_write(struct request_log *log, const struct request *rq, const struct answer *an);

#endif
