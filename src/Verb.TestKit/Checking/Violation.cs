namespace Verb.TestKit.Checking;

/// <summary>A promise that was not kept.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Text">Whose, where and how.</param>
internal sealed record Violation(ViolationKind Kind, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Text}";
}
