using Microsoft.Extensions.Logging;

namespace Verb.Gateway.Handshake;

/// <summary>What is logged of handshakes; never a token, never a query.</summary>
internal static partial class HandshakeLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Error, Message = "A handshake on {Path} failed: a callback of the host or the token verifier threw.")]
    public static partial void Failed(ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Debug, Message = "A handshake on {Path} was refused with {Status}: {Reason}")]
    public static partial void Refused(ILogger logger, string path, int status, string reason);
}
