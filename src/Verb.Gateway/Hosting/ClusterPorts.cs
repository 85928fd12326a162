using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Verb.Cluster.Directory;
using Verb.Cluster.Links;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Hosting;

/// <summary>What makes a node one of several: the directory in PostgreSQL, and the links to its peers.</summary>
internal sealed class ClusterPorts : IAsyncDisposable
{
    private readonly TcpNodeLinks _links;

    private ClusterPorts(WatchedDirectory directory, TcpNodeLinks links, string address)
    {
        (Directory, _links) = (directory, links);
        Options = new Actors.Sharding.ClusterOptions { Directory = directory, Links = links, Address = address };
    }

    /// <summary>What the node is given.</summary>
    public Actors.Sharding.ClusterOptions Options { get; }

    /// <summary>The truth about nodes and shards.</summary>
    public WatchedDirectory Directory { get; }

    /// <summary>What went over the links.</summary>
    public LinkCounters Traffic => _links.Counters;

    /// <summary>Makes them; nothing is reached before the node joins.</summary>
    public static ClusterPorts Make(VerbOptions options, TimeProvider clock, StorageLog failures, ILoggerFactory loggers)
    {
        var cluster = options.Cluster;
        var directory = new PostgresDirectory(
            new PostgresDirectoryOptions
            {
                ConnectionString = options.Storage.Postgres!,
                Cluster = cluster.Name,
                SecretDigest = Digest(cluster),
            },
            clock);
        var links = new TcpNodeLinks(
            new LinkOptions { Listen = cluster.Listen!, Cluster = cluster.Name, Secret = cluster.Secret! },
            clock, Random.Shared, loggers);
        var watched = new WatchedDirectory(directory, failures, clock, loggers.CreateLogger<WatchedDirectory>());
        return new ClusterPorts(watched, links, ClusterRules.Advertised(cluster));
    }

    /// <summary>Slow to make on purpose: who reads the database does not find the secret by trying.</summary>
    private static string Digest(ClusterOptions cluster) => Convert.ToHexString(Rfc2898DeriveBytes.Pbkdf2(
        cluster.Secret!, Encoding.UTF8.GetBytes($"verb/{cluster.Name}"), iterations: 100_000, HashAlgorithmName.SHA256, outputLength: 32));

    /// <summary>Cuts what the node has not closed in order.</summary>
    public async ValueTask DisposeAsync()
    {
        await _links.Stop();
        await Directory.DisposeAsync();
    }
}
