namespace Verb.Server.Testing;

/// <summary>Sizes fit for every build; with <c>VERB_SCALE=full</c> those of the acceptance.</summary>
internal static class Scale
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("VERB_SCALE") == "full";

    public static int Pick(int usual, int full) => IsFull ? full : usual;
}
