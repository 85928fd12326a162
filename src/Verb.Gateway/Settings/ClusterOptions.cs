using System.ComponentModel.DataAnnotations;

namespace Verb.Gateway.Settings;

/// <summary>Whether this is a node of a cluster, and how its peers find and know it. Configuration: <c>Verb:Cluster</c>.</summary>
public sealed record ClusterOptions
{
    /// <summary>
    /// Where peers are listened for, <c>host:port</c>; the host is an address of this machine, or <c>*</c> for all. Default null: a node
    /// alone, and nothing else may be set here. Needs <see cref="StorageKind.Postgres"/>.
    /// </summary>
    public string? Listen { get; init; }

    /// <summary>What peers dial, <c>host:port</c>. Default null: <see cref="Listen"/>, which must not be a wildcard then.</summary>
    public string? Advertise { get; init; }

    /// <summary>The cluster's name, 1 to 64 characters: nodes of another one are refused. Default <c>verb</c>.</summary>
    [Required]
    public string Name { get; init; } = DefaultName;

    /// <summary>What the nodes of a cluster know and nobody else, at least 16 characters. Default null; needed with <see cref="Listen"/>.</summary>
    [Secret]
    public string? Secret { get; init; }

    /// <summary>The node's name, 1 to 64 characters, another one for each node. Default null: the machine's name.</summary>
    public string? NodeId { get; init; }

    internal const string DefaultName = "verb";

    /// <summary>Whether this is a node of a cluster.</summary>
    internal bool IsOn => Listen is not null;

    /// <summary>Keeps the secret out of logs.</summary>
    public override string ToString() => $"ClusterOptions {{ Listen = {Listen}, Name = {Name}, NodeId = {NodeId} }}";
}
