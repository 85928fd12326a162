namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>A valid offer of permessage-deflate (RFC 7692 section 7.1).</summary>
/// <param name="ServerNoContext">The client asks that the hub keeps no context.</param>
/// <param name="ClientNoContext">The client says that it need not keep context.</param>
/// <param name="ServerWindowBits">The largest window the client can inflate; null: any.</param>
/// <param name="ClientWindowBits">The largest window the client will use, where it says so.</param>
/// <param name="TakesClientWindowBits">Whether the client can be told which window to use.</param>
internal sealed record DeflateOffer(bool ServerNoContext, bool ClientNoContext, int? ServerWindowBits, int? ClientWindowBits, bool TakesClientWindowBits)
{
    private const string ExtensionName = "permessage-deflate";

    /// <summary>Null where the offer is another extension's, or has a parameter that is unknown, given twice or invalid.</summary>
    public static DeflateOffer? From(ExtensionOffer extension)
    {
        if (!extension.Name.Equals(ExtensionName, StringComparison.OrdinalIgnoreCase))
            return null;

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var offer = new DeflateOffer(false, false, null, null, false);
        foreach (var (name, value) in extension.Parameters)
        {
            if (!seen.Add(name))
                return null;

            switch (name.ToLowerInvariant())
            {
                case "server_no_context_takeover" when value is null:
                    offer = offer with { ServerNoContext = true };
                    break;
                case "client_no_context_takeover" when value is null:
                    offer = offer with { ClientNoContext = true };
                    break;
                case "server_max_window_bits" when WindowBits(value) is { } bits:
                    offer = offer with { ServerWindowBits = bits };
                    break;
                case "client_max_window_bits" when value is null:
                    offer = offer with { TakesClientWindowBits = true };
                    break;
                case "client_max_window_bits" when WindowBits(value) is { } bits:
                    offer = offer with { ClientWindowBits = bits, TakesClientWindowBits = true };
                    break;
                default:
                    return null;
            }
        }

        return offer;
    }

    private static int? WindowBits(string? value) => value switch
    {
        "8" or "9" => value[0] - '0',
        ['1', >= '0' and <= '5'] => 10 + value[1] - '0',
        _ => null,
    };
}
