/* Memory that is always there, and cleanup on every way out.
 *
 * Out of memory ends the process with exit code 70: killing the agent is always
 * safe, so no caller checks for NULL. Sizes that come from outside are bounded by the caller first.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

#define EXIT_OUT_OF_MEMORY 70

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
/* Grows or shrinks; count * size is checked for overflow. */
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);                 /* NULL gives NULL */
char *xstrndup(const char *text, size_t length); /* always terminated; text may hold no NUL before length */
void *xmemdup(const void *bytes, size_t size);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* Makes room for one more element in a growing array: GROW(list->items, list->count, list->capacity). */
#define GROW(items, count, capacity)                                                                         \
    do {                                                                                                     \
        if ((count) >= (capacity)) {                                                                         \
            (capacity) = (capacity) ? (capacity)*2 : 8;                                                      \
            (items) = xreallocarray((items), (size_t)(capacity), sizeof *(items));                           \
        }                                                                                                    \
    } while (0)

/* _cleanup_(buf_release) struct buf b = BUF_INIT; frees on every return. The function takes a pointer
 * to the variable and accepts the empty state. */
#define _cleanup_(function) __attribute__((cleanup(function)))
void free_pointer(void *pointer_to_pointer);
#define _cleanup_free_ _cleanup_(free_pointer)

/* Hands a pointer over and leaves NULL behind, so that the cleanup does not free it. */
#define TAKE(pointer)                                                                                        \
    ({                                                                                                       \
        __typeof__(pointer) taken_ = (pointer);                                                              \
        (pointer) = NULL;                                                                                    \
        taken_;                                                                                              \
    })

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
