using System.Collections.Frozen;
using System.Text;

namespace Verb.Contracts;

/// <summary>Field names to and from the wire.</summary>
internal static class FieldNames
{
    private static readonly string[] Names =
        [.. Enum.GetValues<Field>().Where(f => f is > Field.Unknown and < Field.Count).Order().Select(f => char.ToLowerInvariant(f.ToString()[0]) + f.ToString()[1..])];

    private static readonly byte[][] Utf8 = [.. Names.Select(Encoding.UTF8.GetBytes)];

    private static readonly FrozenDictionary<string, Field> ByName =
        Names.Select((name, i) => (name, i)).ToFrozenDictionary(p => p.name, p => (Field)p.i);

    public static string Name(Field field) => Names[(int)field];

    public static Field Find(string name) => ByName.GetValueOrDefault(name, Field.Unknown);

    /// <summary>Finds a field by its unescaped UTF-8 name; length and first byte settle nearly every comparison.</summary>
    public static Field Find(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < Utf8.Length; i++)
        {
            var candidate = Utf8[i];
            if (candidate.Length == name.Length && candidate[0] == name[0] && name.SequenceEqual(candidate))
                return (Field)i;
        }

        return Field.Unknown;
    }
}
