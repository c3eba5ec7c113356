/* Certificates of the server, and the check of the client's. */
#ifndef SANDBOX_TLS_H
#define SANDBOX_TLS_H

#include <stdbool.h>

struct error;
struct MHD_Connection;
struct MHD_OptionItem;
struct server_settings;
struct tls_files;

/* Reads the PEM files. ERR_IO. */
int tls_load(struct tls_files **ret_tls, const struct server_settings *settings, struct error *err);
void tls_free(struct tls_files *tls);
/* Fills at most 5 options with an end; files NULL: just the end. */
void tls_options(struct tls_files *tls, struct MHD_OptionItem *options);
/* True when no client certificate is asked for, or the client showed a good one. */
bool tls_client_trusted(const struct tls_files *tls, struct MHD_Connection *connection);

#endif
