using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Verb.Gateway.Settings;

namespace Verb.TestKit.Hosting;

/// <summary>What a <see cref="VerbTestHost"/> runs.</summary>
public sealed record VerbTestHostOptions
{
    /// <summary>The hub's options. Default: every default, kept in memory. Files go to a temporary folder whatever is said here.</summary>
    public VerbOptions Hub { get; init; } = new() { Storage = new StorageOptions { Kind = StorageKind.Memory } };

    /// <summary>The host's own services, added before the hub: a clock for example. Default none.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>What the host adds to the hub: requests, a token verifier. Default nothing.</summary>
    public Action<VerbBuilder>? Verb { get; init; }

    /// <summary>The routes. Default null: <c>/ws</c> and what stands beside it.</summary>
    public Action<WebApplication>? Routes { get; init; }

    /// <summary>Changes the web server. Default nothing.</summary>
    public Action<KestrelServerOptions>? Kestrel { get; init; }
}
