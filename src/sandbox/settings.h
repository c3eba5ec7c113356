/* Field settings of a project: docs/qtest-api.md 4.7. Ordinary users may be refused (switch 25).
 */
#ifndef SANDBOX_SETTINGS_H
#define SANDBOX_SETTINGS_H

struct call;

void settings_fields(struct call *c);       /* getFields */
void settings_field(struct call *c);        /* getCustomField */
void settings_create_field(struct call *c); /* createCustomField */
void settings_values(struct call *c);       /* getProjectFieldAllowedValues */

#endif
