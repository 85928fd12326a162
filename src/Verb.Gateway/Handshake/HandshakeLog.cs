using Microsoft.Extensions.Logging;

namespace Verb.Gateway.Handshake;

/// <summary>What is logged of handshakes; never a token, never a query.</summary>
internal static partial class HandshakeLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "A handshake on {Path} failed: a callback of the host or the token verifier threw.")]
    public static partial void Failed(ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Debug, Message = "A handshake on {Path} was refused with {Status}: {Reason}")]
    public static partial void Refused(ILogger logger, string path, int status, string reason);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message =
        "A page of {Origin} was refused on {Path}: it is neither of the hub's own address, as the hub is addressed, nor in Verb:Socket:AllowedOrigins.")]
    public static partial void ForeignOrigin(ILogger logger, string origin, string path);
}
