namespace Verb.Server.Testing.Load;

/// <summary>What a member was told of who is in its room.</summary>
/// <param name="At">When, as the stopwatch counts.</param>
/// <param name="Type">The frame's type.</param>
/// <param name="User">Whom it names; null where it is only a count.</param>
/// <param name="Count">How many users the room has with it.</param>
internal readonly record struct PresenceEvent(long At, string Type, string? User, int Count)
{
    public const string Joined = "user_joined";
    public const string Left = "user_left";
}
