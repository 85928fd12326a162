namespace Verb.Gateway.Handshake;

/// <summary>Chooses a handshake's subprotocol.</summary>
internal static class SubprotocolSelection
{
    /// <summary>By the route's selector; without one the first of the route's own that is offered.</summary>
    /// <exception cref="InvalidOperationException">The selector chose what was not offered, which no client would accept.</exception>
    public static SubprotocolChoice Choose(HandshakeContext context, VerbRouteOptions route)
    {
        if (route.SelectSubprotocol is { } select)
        {
            var choice = select(context);
            return choice.Name is null || context.OfferedSubprotocols.Contains(choice.Name, StringComparer.Ordinal)
                ? choice
                : throw new InvalidOperationException("The subprotocol selector chose a name that the client does not offer.");
        }

        var own = route.Subprotocols.FirstOrDefault(name => context.OfferedSubprotocols.Contains(name, StringComparer.Ordinal));
        return own is null ? SubprotocolChoice.None : SubprotocolChoice.Select(own);
    }
}
