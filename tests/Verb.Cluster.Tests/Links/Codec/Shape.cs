using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Verb.Cluster.Tests.Links.Codec;

/// <summary>A value with all there is in it, as text: equal texts mean equal values, bytes and lists too.</summary>
internal static class Shape
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string word:
                text.Append('"').Append(word).Append('"');
                break;
            case ReadOnlyMemory<byte> bytes:
                text.Append(Convert.ToHexString(bytes.Span));
                break;
            case IConvertible or TimeSpan:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
            case ITuple tuple:
                WriteAll(text, Enumerable.Range(0, tuple.Length).Select(i => tuple[i]));
                break;
            case IEnumerable list:
                WriteAll(text, list.Cast<object?>());
                break;
            default:
                text.Append(value.GetType().Name);
                WriteAll(text, Properties(value).Select(property => property.GetValue(value)));
                break;
        }
    }

    private static void WriteAll(StringBuilder text, IEnumerable<object?> values)
    {
        text.Append('(');
        foreach (var value in values)
        {
            Write(text, value);
            text.Append(", ");
        }

        text.Append(')');
    }

    private static IEnumerable<PropertyInfo> Properties(object value) => value.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0);
}
