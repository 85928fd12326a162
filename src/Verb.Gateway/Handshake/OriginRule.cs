using Microsoft.AspNetCore.Http;

namespace Verb.Gateway.Handshake;

/// <summary>
/// Which pages may connect (RFC 6455, sections 4.2.2 and 10.2): those of the hub's own host and port, and those that are listed. A client
/// that sends no <c>Origin</c> is no browser and is allowed.
/// </summary>
internal static class OriginRule
{
    private const string Any = "*";
    private const string Opaque = "null";

    /// <summary>Whether the client that sent this request may connect, or change anything.</summary>
    public static bool IsAllowed(HttpRequest request, IReadOnlyList<string> allowed) =>
        IsAllowed([.. request.Headers.Origin], request.Scheme, request.Headers.Host.ToString(), allowed);

    /// <summary>Whether a client that sent these <c>Origin</c> lines may connect.</summary>
    /// <param name="origins">The lines of the header; more than one is refused.</param>
    /// <param name="scheme">The request's scheme, as the host sees it behind its proxies.</param>
    /// <param name="host">The request's <c>Host</c> as it stands on the wire: the request's own property has another spelling of names beyond ASCII.</param>
    /// <param name="allowed">Further origins: each a whole origin, <c>null</c> or <c>*</c>.</param>
    public static bool IsAllowed(IReadOnlyList<string?> origins, string scheme, string host, IReadOnlyList<string> allowed)
    {
        if (origins.Count == 0 || IsForAll(allowed))
            return true;
        return origins.Count == 1 && (IsListed(origins[0], allowed) || (Parse(origins[0]) is { } origin && IsSameHost(origin, scheme, host)));
    }

    /// <summary>Whether the origin stands in the list by itself.</summary>
    public static bool IsListed(string? origin, IReadOnlyList<string> allowed) =>
        origin == Opaque ? allowed.Contains(Opaque) : Parse(origin) is { } parsed && allowed.Any(entry => IsSame(entry, parsed));

    /// <summary>Whether the list lets every page in.</summary>
    public static bool IsForAll(IReadOnlyList<string> allowed) => allowed.Contains(Any);

    /// <summary>Whether <paramref name="entry"/> may stand in the list.</summary>
    public static bool IsEntry(string entry) => entry is Any or Opaque || Parse(entry) is not null;

    private static bool IsSame(string entry, Uri origin) =>
        Parse(entry) is { } listed && listed.Scheme == origin.Scheme && listed.Host == origin.Host && listed.Port == origin.Port;

    private static bool IsSameHost(Uri origin, string scheme, string host)
    {
        if (origin.Scheme != Uri.UriSchemeHttp && origin.Scheme != Uri.UriSchemeHttps)
            return false;

        // A Host without a port means the default one. An https page on it is trusted even where TLS ended at a proxy that the host does
        // not know of; an http page is not trusted by an https hub.
        var outside = scheme == Uri.UriSchemeHttps ? scheme : origin.Scheme;
        return Parse($"{outside}://{host}") is { } own && own.Host == origin.Host && own.Port == origin.Port;
    }

    /// <summary>Parses scheme, host and port; null where anything else is there.</summary>
    private static Uri? Parse(string? text)
    {
        if (text is null || text.Any(c => c is <= ' ' or '\\' or > '~') || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return null;
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        return colon > 0 && text.AsSpan(colon + 3).IndexOfAny("/?#@") < 0 ? uri : null;
    }
}
