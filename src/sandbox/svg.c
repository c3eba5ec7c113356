#include "base/buf.h"
#include "sandbox/svg.h"

#define WIDTH       640
#define BAR_HEIGHT  28
#define LEGEND_STEP 128

static int64_t total_of(const struct svg_part *parts, size_t count)
{
    int64_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += parts[i].count;
    return total;
}

static void write_description(struct buf *out, const struct svg_part *parts, size_t count, int64_t total)
{
    buf_printf(out, "<title>%lld test runs", (long long)total);
    for (size_t i = 0; i < count; i++)
        buf_printf(out, ", %lld %s", (long long)parts[i].count, parts[i].label);
    buf_puts(out, "</title>\n");
}

/* Edges are rounded to whole units from the running sum, so the parts meet and fill the bar. */
static void write_bar(struct buf *out, const struct svg_part *parts, size_t count, int64_t total)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t left = sum * WIDTH / total;
        sum += parts[i].count;
        int64_t right = sum * WIDTH / total;
        if (right > left)
            buf_printf(out, "<rect x=\"%lld\" y=\"0\" width=\"%lld\" height=\"%d\" fill=\"%s\"/>\n",
                       (long long)left, (long long)(right - left), BAR_HEIGHT, parts[i].color);
    }
}

static void write_legend(struct buf *out, const struct svg_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_printf(out,
                   "<rect x=\"%zu\" y=\"44\" width=\"12\" height=\"12\" fill=\"%s\"/>"
                   "<text x=\"%zu\" y=\"55\" font-size=\"13\" fill=\"currentColor\">%s %lld</text>\n",
                   i * LEGEND_STEP, parts[i].color, i * LEGEND_STEP + 18, parts[i].label,
                   (long long)parts[i].count);
}

void svg_summary(struct buf *out, const struct svg_part *parts, size_t count)
{
    int64_t total = total_of(parts, count);
    buf_printf(out, "<svg class=\"summary\" role=\"img\" viewBox=\"0 0 %d 64\" width=\"%d\" height=\"64\">\n",
               WIDTH, WIDTH);
    write_description(out, parts, count, total);
    if (total > 0)
        write_bar(out, parts, count, total);
    else
        buf_printf(
            out, "<rect x=\"0\" y=\"0\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"currentColor\"/>\n",
            WIDTH, BAR_HEIGHT);
    write_legend(out, parts, count);
    buf_puts(out, "</svg>\n");
}
