using System.Globalization;
using System.Text;

namespace Verb.Gateway.Metrics;

/// <summary>Names, labels and numbers as the Prometheus text format 0.0.4 wants them.</summary>
internal static class PrometheusNames
{
    private const string Total = "_total";

    /// <summary><c>verb.delivery.size</c> in <c>By</c>, counting, is <c>verb_delivery_size_bytes_total</c>.</summary>
    public static string Metric(string name, string? unit, MetricKind kind)
    {
        var metric = Identifier(name, colons: true);
        var suffix = Unit(unit);
        if (suffix.Length > 0 && !metric.EndsWith(suffix, StringComparison.Ordinal))
            metric += suffix;
        return kind == MetricKind.Counter && !metric.EndsWith(Total, StringComparison.Ordinal) ? metric + Total : metric;
    }

    /// <summary>The labels in the order of their names, without braces; empty where there are none.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in tags)
            labels[Identifier(name, colons: false)] = value switch
            {
                bool flag => flag ? "true" : "false",
                _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
            };
        return string.Join(',', labels.Select(label => $"{label.Key}=\"{LabelValue(label.Value)}\""));
    }

    public static string HelpText(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string LabelValue(string text) => HelpText(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Identifier(string name, bool colons)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
            text.Append(char.IsAsciiLetterOrDigit(c) || (colons && c == ':') ? c : '_');
        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
            text.Insert(0, '_');
        return text.ToString();
    }

    /// <summary>Units of UCUM by their Prometheus names; <c>{connection}</c> and <c>1</c> are no units.</summary>
    private static string Unit(string? unit) => unit switch
    {
        null or "" or "1" => "",
        "By" => "_bytes",
        "s" => "_seconds",
        "ms" => "_milliseconds",
        "us" => "_microseconds",
        "ns" => "_nanoseconds",
        "%" => "_percent",
        _ when unit.StartsWith('{') => "",
        _ => "_" + Identifier(unit, colons: false),
    };
}
