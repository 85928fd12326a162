using Verb.Contracts;

namespace Verb.Gateway.Settings;

/// <summary>The rules between the settings of the cluster.</summary>
internal static class ClusterRules
{
    public const int LeastSecretCharacters = 16;

    private const string Section = "Verb:Cluster";

    /// <summary>Checks the section; the first problem ends it.</summary>
    /// <exception cref="VerbSettingsException">A setting is not allowed.</exception>
    public static void Check(ClusterOptions cluster, StorageOptions storage)
    {
        if (cluster.Listen is not { } listen)
        {
            CheckAlone(cluster);
            return;
        }

        if (!PeerAddress.TryParse(listen, out var listens))
            throw new VerbSettingsException($"{Section}:Listen", listen, PeerAddress.Allowed);
        if (storage.Kind != StorageKind.Postgres)
            throw new VerbSettingsException($"{Section}:Listen", listen, "needs Verb:Storage:Kind=postgres: the nodes of a cluster share one database");
        CheckAdvertised(cluster.Advertise, listens);
        CheckLabel("Name", cluster.Name);
        CheckLabel("NodeId", cluster.NodeId);
        if (cluster.Secret is null)
            throw new VerbSettingsException($"{Section}:Secret", null, $"is needed with {Section}:Listen; must be a text of at least {LeastSecretCharacters} characters");
        if (cluster.Secret.Length < LeastSecretCharacters)
            throw new VerbSettingsException($"{Section}:Secret", null, $"must be at least {LeastSecretCharacters} characters long");
    }

    /// <summary>What peers dial.</summary>
    public static string Advertised(ClusterOptions cluster) => cluster.Advertise ?? cluster.Listen!;

    private static void CheckAdvertised(string? advertise, PeerAddress listens)
    {
        if (advertise is null)
        {
            if (listens.IsWildcard)
                throw new VerbSettingsException($"{Section}:Listen", listens.ToString(), $"is every address of the machine; {Section}:Advertise must say which one peers dial");
            return;
        }

        if (!PeerAddress.TryParse(advertise, out var dialled))
            throw new VerbSettingsException($"{Section}:Advertise", advertise, PeerAddress.Allowed);
        if (dialled.IsWildcard)
            throw new VerbSettingsException($"{Section}:Advertise", advertise, "must be an address that peers can dial");
    }

    private static void CheckLabel(string key, string? text)
    {
        if (text is not null && !Identifier.IsLabel(text))
            throw new VerbSettingsException($"{Section}:{key}", text, $"must be 1 to {Identifier.MaxLabelLength} characters, none of them a control character");
    }

    /// <summary>Settings that would be passed over in silence were probably meant.</summary>
    private static void CheckAlone(ClusterOptions cluster)
    {
        var stray = cluster switch
        {
            { Advertise: not null } => nameof(ClusterOptions.Advertise),
            { Secret: not null } => nameof(ClusterOptions.Secret),
            { NodeId: not null } => nameof(ClusterOptions.NodeId),
            { Name: not ClusterOptions.DefaultName } => nameof(ClusterOptions.Name),
            _ => null,
        };
        if (stray is not null)
            throw new VerbSettingsException($"{Section}:{stray}", null, $"means nothing without {Section}:Listen, which makes this a node of a cluster");
    }
}
