namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>One element of <c>Sec-WebSocket-Extensions</c> (RFC 6455 section 9.1).</summary>
internal sealed record ExtensionOffer(string Name, IReadOnlyList<KeyValuePair<string, string?>> Parameters);
