using Verb.Actors.Delivery;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>What permessage-deflate came to on one connection, which owns it.</summary>
/// <param name="Format">How messages are sent.</param>
/// <param name="Inflater">How messages are received.</param>
/// <param name="Response">The <c>Sec-WebSocket-Extensions</c> value that says so.</param>
internal sealed record DeflateSession(IWireFormat Format, MessageInflater Inflater, string Response);
