using Verb.Actors.Connections;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>What an offer and a route's options come to (RFC 7692 section 7.1).</summary>
/// <param name="SendContext">Whether the hub keeps its context from message to message.</param>
/// <param name="ReceiveContext">Whether the client may.</param>
/// <param name="SendBits">The hub's window; null: the largest, and not worth a word.</param>
/// <param name="ReceiveBits">The client's window; null: the largest, or the client cannot be told.</param>
internal sealed record DeflateAgreement(bool SendContext, bool ReceiveContext, int? SendBits, int? ReceiveBits)
{
    /// <summary>The <c>Sec-WebSocket-Extensions</c> value that accepts the offer.</summary>
    public string Response =>
        "permessage-deflate"
        + (SendContext ? "" : "; server_no_context_takeover")
        + (ReceiveContext ? "" : "; client_no_context_takeover")
        + (SendBits is { } send ? $"; server_max_window_bits={send}" : "")
        + (ReceiveBits is { } receive ? $"; client_max_window_bits={receive}" : "");

    /// <summary>Null where the offer cannot be honoured.</summary>
    public static DeflateAgreement? Between(DeflateOffer offer, WebSocketProtocolOptions options, IDeflateEngine engine)
    {
        if (!engine.HasSmallWindows && offer.ServerWindowBits < DeflateEngine.LargestWindowBits)
            return null;

        var dedicated = options.Compression == CompressionMode.Dedicated;
        return new DeflateAgreement(
            dedicated && !offer.ServerNoContext && !options.ServerNoContextTakeover,
            dedicated && !offer.ClientNoContext && !options.ClientNoContextTakeover && engine.KeepsInflateContext,
            Smaller(offer.ServerWindowBits, engine.HasSmallWindows ? options.ServerMaxWindowBits : DeflateEngine.LargestWindowBits),
            offer.TakesClientWindowBits ? Smaller(offer.ClientWindowBits, options.ClientMaxWindowBits) : null);
    }

    /// <summary>What was offered has to be answered; a demand of the largest window is none.</summary>
    private static int? Smaller(int? offered, int demanded) =>
        offered is { } bits ? Math.Min(bits, demanded)
        : demanded < DeflateEngine.LargestWindowBits ? demanded
        : null;
}
