using System.Diagnostics.CodeAnalysis;

namespace Verb.Contracts;

/// <summary>
/// The id of a topic: 1 to 200 UTF-8 bytes, case-sensitive, without control characters or lone surrogates. It may have slashes; no part between them is
/// <c>.</c> or <c>..</c>.
/// </summary>
public readonly record struct TopicName
{
    /// <summary>Takes a valid id.</summary>
    /// <exception cref="ArgumentException"><paramref name="value"/> breaks the rules; <see cref="TryParse"/> does not throw.</exception>
    public TopicName(string value)
    {
        if (!IsValid(value))
            throw new ArgumentException($"An id of a topic is {Identifier.NameRule}.", nameof(value));
        Value = value;
    }

    /// <summary>The id as it stands on the wire.</summary>
    public string Value { get; }

    /// <summary>Parses an id from outside; false where it breaks the rules.</summary>
    public static bool TryParse([NotNullWhen(true)] string? value, out TopicName id)
    {
        id = default;
        if (!IsValid(value))
            return false;
        id = new TopicName(value!);
        return true;
    }

    private static bool IsValid(string? value) => Identifier.IsName(value) && !Identifier.HasDots(value!);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
