using System.Globalization;
using Microsoft.AspNetCore.Http;
using Verb.Contracts;

namespace Verb.Gateway.Http;

/// <summary>Reads the query of a page; the first thing that is wrong stays in <see cref="Problem"/>. Unknown parameters are ignored.</summary>
internal sealed class PageQuery(IQueryCollection query)
{
    /// <summary>What is wrong, naming the parameter; null so far.</summary>
    public string? Problem { get; private set; }

    /// <summary>A whole number; null where there is none.</summary>
    public long? Integer(string name, long least, long most)
    {
        if (One(name) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        Fail(name, most == long.MaxValue ? $"must be a whole number from {least}" : $"must be a whole number from {least} to {most}");
        return null;
    }

    /// <summary>A user id; null where there is none.</summary>
    public string? Name(string name)
    {
        var text = One(name);
        if (text is null || Identifier.IsName(text))
            return text;
        Fail(name, $"must be {Identifier.NameRule}");
        return null;
    }

    /// <summary>A message id; null where there is none.</summary>
    public string? Label(string name)
    {
        var text = One(name);
        if (text is null || Identifier.IsLabel(text))
            return text;
        Fail(name, "must be 1 to 64 characters without control characters");
        return null;
    }

    /// <summary><c>EPOCH:SEQ</c>; null where there is none. The last colon divides.</summary>
    public Position? Position(string name)
    {
        if (One(name) is not { } text)
            return null;
        var colon = text.LastIndexOf(':');
        if (colon > 0
            && Identifier.IsLabel(text[..colon])
            && long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
            return new Position(text[..colon], seq);
        Fail(name, "must be an epoch and a sequence number, as in 'k3f9:42'");
        return null;
    }

    /// <summary>Notes that a parameter is wrong.</summary>
    public void Fail(string name, string problem) => Problem ??= $"The query parameter '{name}' {problem}.";

    private string? One(string name)
    {
        var values = query[name];
        if (values.Count > 1)
            Fail(name, "appears twice");
        return values.Count == 0 ? null : values[0];
    }
}
