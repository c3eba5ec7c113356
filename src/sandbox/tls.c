#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/gnutls.h>
#include <microhttpd.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/memory.h"
#include "sandbox/server.h"
#include "sandbox/tls.h"

struct tls_files {
    char *cert, *key, *client_ca;
};

static int read_file(const char *path, char **ret_text, struct error *err)
{
    struct buf text = BUF_INIT(16 << 20);
    FILE *file = fopen(path, "re");
    if (!file)
        return error_set(err, ERR_IO, "cannot open '%s': %s", path, strerror(errno));
    size_t got;
    do {
        char *place = buf_reserve(&text, 4096);
        got = place ? fread(place, 1, 4096, file) : 0;
        buf_advance(&text, got);
    } while (got > 0);
    fclose(file);
    *ret_text = buf_take(&text);
    return 0;
}

int tls_load(struct tls_files **ret_tls, const struct server_settings *settings, struct error *err)
{
    struct tls_files *tls = xcalloc(1, sizeof *tls);
    int result = read_file(settings->tls_cert, &tls->cert, err);
    if (result == 0)
        result = read_file(settings->tls_key, &tls->key, err);
    if (result == 0 && settings->tls_client_ca)
        result = read_file(settings->tls_client_ca, &tls->client_ca, err);
    if (result < 0)
        tls_free(tls);
    else
        *ret_tls = tls;
    return result;
}

void tls_free(struct tls_files *tls)
{
    if (!tls)
        return;
    free(tls->cert);
    free(tls->key);
    free(tls->client_ca);
    free(tls);
}

void tls_options(struct tls_files *tls, struct MHD_OptionItem *options)
{
    if (tls) {
        *options++ = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_CERT, 0, tls->cert};
        *options++ = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_KEY, 0, tls->key};
    }
    if (tls && tls->client_ca)
        *options++ = (struct MHD_OptionItem){MHD_OPTION_HTTPS_MEM_TRUST, 0, tls->client_ca};
    *options = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
}

/* The library asks for a certificate but leaves the judgement to us. */
bool tls_client_trusted(const struct tls_files *tls, struct MHD_Connection *connection)
{
    unsigned status = 1;
    if (!tls->client_ca)
        return true;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info && gnutls_certificate_verify_peers2(info->tls_session, &status) == 0 && status == 0;
}
