/* Phones, tablets and emulators by their names: "iPhone 15 Pro", "Galaxy S8+", "Pixel_3a(AVD) - 13",
 * "emulator-5554", "iphone8-15.7-en_US-portrait" (Firebase Test Lab).
 */
#ifndef REPORT_DEVICE_H
#define REPORT_DEVICE_H

#include <stdbool.h>
#include <stddef.h>

/* The text is used up by a device's family and the numbers and words of its models. So "iPhone" and
 * "Pixel 7" are devices; "Pixel" (no model), "iPhone checkout flow" and "Android utils" are none. */
bool device_is(const char *text, size_t size);
/* How much of a device's name is left without the operating system and version that it ends with: of
 * "iPhone 15 (iOS 17.2)" and "iPhone 15 - iOS 17.2" what stands before it. In brackets the system is cut from
 * any text, otherwise only from that of a device that we know, and with its version. The number of the very
 * device behind them ("iPhone 15 - iOS 17.2 - <UUID>") is no part of the name either. */
size_t device_without_system(const char *text);

#endif
