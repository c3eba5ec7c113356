/* The tables of the sandbox. See src/sandbox/schema.c for their meaning. */
#ifndef SANDBOX_SCHEMA_H
#define SANDBOX_SCHEMA_H

#define SCHEMA_VERSION "1"

extern const char schema_sql[];

#endif
