namespace Verb.TestKit.Probes;

/// <summary>What a probe expected did not come, or something else did.</summary>
public sealed class ExpectationException : Exception
{
    /// <summary>Without details.</summary>
    public ExpectationException()
        : this("An expectation was not met.")
    {
    }

    /// <summary>With a message.</summary>
    public ExpectationException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public ExpectationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
