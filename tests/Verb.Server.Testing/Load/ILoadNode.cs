using System.Text.Json;
using Verb.TestKit.Hosting;

namespace Verb.Server.Testing.Load;

/// <summary>A node that clients of a load go to, over all its lives.</summary>
internal interface ILoadNode
{
    string Name { get; }

    Task<SocketClient> ConnectAsync(string? session = null, SocketClientOptions? options = null);

    /// <summary>The data that a route of the HTTP API answers with.</summary>
    Task<JsonElement> ReadAsync(string path);
}
