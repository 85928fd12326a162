namespace Verb.Actors.Connections;

/// <summary>What a binary frame is: its first byte.</summary>
internal static class BinaryKind
{
    public const byte Chunk = 0;
    public const byte WholeFile = 1;
    public const byte Audio = 2;
    public const byte Video = 3;
}
