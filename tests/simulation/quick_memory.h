/* Memory for parsed JSON that is given back all at once: a simulation parses two texts a request and keeps
 * none of them from one event to the next. Off under AddressSanitizer, which then sees each value.
 *
 *     use_quick_memory();         // once, before anything is parsed
 *     quick_memory_reset();       // no parsed value is alive
 */
#ifndef SIMULATION_QUICK_MEMORY_H
#define SIMULATION_QUICK_MEMORY_H

void use_quick_memory(void);
void quick_memory_reset(void);

#endif
