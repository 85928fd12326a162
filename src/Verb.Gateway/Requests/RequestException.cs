using Verb.Contracts;

namespace Verb.Gateway.Requests;

/// <summary>Refuses a request with a code of the protocol and a sentence for the client.</summary>
public sealed class RequestException : Exception
{
    /// <summary>Refuses a request.</summary>
    public RequestException(ErrorCode code, string message)
        : base(message) => Code = code;

    /// <summary>The code of the reply.</summary>
    public ErrorCode Code { get; }
}
