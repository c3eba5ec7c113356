/* --show-config: each setting, its value and where it came from. */
#include "cli/help.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/memory.h"

/* The caller frees. */
static char *source_text(const struct settings *settings, const struct option *option,
                         enum setting_source source)
{
    switch (source) {
    case SOURCE_FLAG:
        return xasprintf("--%s", option->name);
    case SOURCE_ENV:
        return option_variable(option);
    case SOURCE_FILE:
        return xstrdup(settings->config);
    case SOURCE_CI:
        return xstrdup(settings->ci.server);
    case SOURCE_DEFAULT:
        break;
    }
    return xstrdup("default");
}

static bool is_shown(const struct option *option, unsigned command)
{
    return (option->commands & command) && option->offset != offsetof(struct settings, show_config);
}

static void as_text(struct buf *out, const struct settings *settings, unsigned command)
{
    for (size_t i = 0; i < option_count; i++) {
        if (!is_shown(&option_table[i], command))
            continue;
        _cleanup_free_ char *value = option_show(&option_table[i], settings);
        _cleanup_free_ char *source = source_text(settings, &option_table[i], settings->sources[i]);
        buf_printf(out, "%-22s %-40s %s\n", option_table[i].name, value ? value : "-", source);
    }
    if (settings->ci.server)
        buf_printf(out, "\n%s: job %s, pipeline %s\n", settings->ci.server,
                   settings->ci.job_name ? settings->ci.job_name : "-",
                   settings->ci.pipeline_id ? settings->ci.pipeline_id : "-");
}

static void as_json(struct buf *out, const struct settings *settings, unsigned command)
{
    struct json_writer w;
    json_writer_init(&w, out);
    w.pretty = true;
    json_object(&w, NULL);
    json_array(&w, "settings");
    for (size_t i = 0; i < option_count; i++) {
        if (!is_shown(&option_table[i], command))
            continue;
        _cleanup_free_ char *value = option_show(&option_table[i], settings);
        _cleanup_free_ char *source = source_text(settings, &option_table[i], settings->sources[i]);
        json_object(&w, NULL);
        json_string(&w, "name", option_table[i].name);
        json_string(&w, "value", value);
        json_string(&w, "source", source);
        json_end(&w);
    }
    json_end(&w);
    json_end(&w);
    buf_putc(out, '\n');
}

void show_config_write(struct buf *out, const struct settings *settings, unsigned command)
{
    if (settings->output == OUTPUT_JSON)
        as_json(out, settings, command);
    else
        as_text(out, settings, command);
}
