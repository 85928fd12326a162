using System.Globalization;
using Verb.Actors.Sharding;

namespace Verb.Storage.Postgres;

/// <summary>
/// What a clustered node's connections are called in the database (<c>application_name</c>), so that a peer can end them when the node is
/// proven dead: a frozen process may hold row locks that others wait for.
/// </summary>
internal static class BackendName
{
    /// <summary>PostgreSQL cuts names at 63 bytes; the longest incarnation has 19 digits.</summary>
    private const int LongestNode = 36;

    /// <summary>What the names of all connections of a node begin with: no other node's do, whatever characters its own name has.</summary>
    public static string Prefix(NodeId node) => $"verb/{(IsPlain(node.Value) ? node.Value : Hashed(node.Value))}/";

    /// <summary>The connection that holds the node's lock; its pools may be called the same.</summary>
    public static string Session(NodeId node, long incarnation) =>
        Prefix(node) + incarnation.ToString(CultureInfo.InvariantCulture);

    /// <summary>A pool that is opened before the incarnation is known.</summary>
    public static string Pool(NodeId node) => Prefix(node) + "pool";

    private static bool IsPlain(string name) =>
        name.Length is > 0 and <= LongestNode && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>The sign in front is none of the plain ones, so that no plain name is equal to it.</summary>
    private static string Hashed(string name) => "~" + StableHash.Of(name).ToString("x16", CultureInfo.InvariantCulture);
}
