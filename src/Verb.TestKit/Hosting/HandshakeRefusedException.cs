namespace Verb.TestKit.Hosting;

/// <summary>The server answered a handshake with something else than 101.</summary>
public sealed class HandshakeRefusedException : Exception
{
    /// <summary>Without details.</summary>
    public HandshakeRefusedException()
        : this("The handshake was refused.")
    {
    }

    /// <summary>With a message.</summary>
    public HandshakeRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public HandshakeRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal HandshakeRefusedException(int status, IReadOnlyDictionary<string, string> headers, string body)
        : this($"The handshake was answered with {status}: {body}") => (Status, Headers, Body) = (status, headers, body);

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The headers of the answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } = new Dictionary<string, string>();

    /// <summary>The body of the answer.</summary>
    public string Body { get; } = "";
}
