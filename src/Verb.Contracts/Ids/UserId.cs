using System.Diagnostics.CodeAnalysis;

namespace Verb.Contracts;

/// <summary>The id of a user: 1 to 200 UTF-8 bytes, case-sensitive, without control characters or lone surrogates; not <c>.</c> or <c>..</c>.</summary>
public readonly record struct UserId
{
    /// <summary>Takes a valid id.</summary>
    /// <exception cref="ArgumentException"><paramref name="value"/> breaks the rules; <see cref="TryParse"/> does not throw.</exception>
    public UserId(string value)
    {
        if (!Identifier.IsName(value))
            throw new ArgumentException($"An id of a user is {Identifier.NameRule}.", nameof(value));
        Value = value;
    }

    /// <summary>The id as it stands on the wire.</summary>
    public string Value { get; }

    /// <summary>Parses an id from outside; false where it breaks the rules.</summary>
    public static bool TryParse([NotNullWhen(true)] string? value, out UserId id)
    {
        id = default;
        if (!Identifier.IsName(value))
            return false;
        id = new UserId(value!);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
