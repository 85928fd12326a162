using System.Globalization;
using System.Text;

namespace Verb.Gateway.Metrics;

/// <summary>Writes metrics in the Prometheus text format 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes families in the order of their names. Of several instruments of one name and kind the series stand together.</summary>
    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var group in families.GroupBy(family => family.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var first = group.First();
            var headed = false;
            foreach (var family in group.Where(family => family.Kind == first.Kind))
            {
                family.Visit((labels, series) =>
                {
                    if (!headed)
                        Head(text, first);
                    headed = true;
                    if (family.Kind == MetricKind.Histogram)
                        Histogram(text, family, labels, series);
                    else
                        Line(text, family.Name, labels, PrometheusNames.Number(series.Value));
                });
            }
        }

        return text.ToString();
    }

    private static void Head(StringBuilder text, MetricFamily family)
    {
        if (family.Help.Length > 0)
            text.Append("# HELP ").Append(family.Name).Append(' ').Append(PrometheusNames.HelpText(family.Help)).Append('\n');
        text.Append("# TYPE ").Append(family.Name).Append(' ').Append(Type(family.Kind)).Append('\n');
    }

    private static void Histogram(StringBuilder text, MetricFamily family, string labels, MetricSeries series)
    {
        var others = labels.Length == 0 ? "" : labels + ",";
        for (var i = 0; i < family.Bounds.Count; i++)
            Line(text, family.Name + "_bucket", $"{others}le=\"{PrometheusNames.Number(family.Bounds[i])}\"", Whole(series.Buckets[i]));
        Line(text, family.Name + "_bucket", $"{others}le=\"+Inf\"", Whole(series.Count));
        Line(text, family.Name + "_sum", labels, PrometheusNames.Number(series.Value));
        Line(text, family.Name + "_count", labels, Whole(series.Count));
    }

    private static void Line(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value).Append('\n');
    }

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Type(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };
}
