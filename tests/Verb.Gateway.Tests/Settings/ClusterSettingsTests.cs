using Microsoft.Extensions.Configuration;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Tests.Settings;

public sealed class ClusterSettingsTests
{
    private const string Secret = "0123456789abcdef";

    private static readonly ClusterOptions Node = new() { Listen = "10.0.0.1:4000", Secret = Secret };

    [Theory]
    [InlineData("Advertise", "10.0.0.1:4000")]
    [InlineData("Secret", Secret)]
    [InlineData("NodeId", "n1")]
    [InlineData("Name", "other")]
    public void Without_Listen_nothing_else_of_the_cluster_may_be_set(string key, string value) =>
        Should.Throw<VerbSettingsException>(() => Read((key, value))).Message
            .ShouldBe($"Verb:Cluster:{key}: means nothing without Verb:Cluster:Listen, which makes this a node of a cluster");

    [Theory]
    [InlineData("4000")]
    [InlineData(":4000")]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.1:")]
    [InlineData("10.0.0.1:0")]
    [InlineData("10.0.0.1:65536")]
    [InlineData("10.0.0.1:-1")]
    [InlineData("10.0.0.1:four")]
    [InlineData("::1:4000")]
    [InlineData("[::1:4000")]
    [InlineData("[10.0.0.1]:4000")]
    [InlineData("http://10.0.0.1:4000")]
    [InlineData("a host:4000")]
    [InlineData("+:4000")]
    public void An_address_that_is_none_is_refused(string address)
    {
        const string Allowed = "must be host:port such as 10.0.0.1:4000 or [::1]:4000, the port from 1 to 65535";
        Refused(Node with { Listen = address }).ShouldBe($"Verb:Cluster:Listen = \"{address}\": {Allowed}");
        Refused(Node with { Advertise = address }).ShouldBe($"Verb:Cluster:Advertise = \"{address}\": {Allowed}");
    }

    [Theory]
    [InlineData("10.0.0.1:4000")]
    [InlineData("[::1]:4000")]
    [InlineData("verb-0.verb:65535")]
    [InlineData("localhost:1")]
    public void An_address_that_can_be_dialled_is_advertised_as_it_is_listened_on(string address)
    {
        var cluster = Node with { Listen = address };
        ClusterRules.Check(cluster, Postgres);
        ClusterRules.Advertised(cluster).ShouldBe(address);
        ClusterRules.Advertised(cluster with { Advertise = "verb-0:4000" }).ShouldBe("verb-0:4000");
    }

    [Theory]
    [InlineData("*:4000")]
    [InlineData("0.0.0.0:4000")]
    [InlineData("[::]:4000")]
    public void A_wildcard_is_somewhere_to_listen_and_nothing_to_dial(string wildcard)
    {
        Refused(Node with { Listen = wildcard })
            .ShouldBe($"Verb:Cluster:Listen = \"{wildcard}\": is every address of the machine; Verb:Cluster:Advertise must say which one peers dial");
        ClusterRules.Check(Node with { Listen = wildcard, Advertise = "10.0.0.1:4000" }, Postgres);
        Refused(Node with { Advertise = wildcard })
            .ShouldBe($"Verb:Cluster:Advertise = \"{wildcard}\": must be an address that peers can dial");
    }

    [Theory]
    [InlineData(StorageKind.Sqlite)]
    [InlineData(StorageKind.Memory)]
    public void A_cluster_needs_postgres(StorageKind kind) =>
        Should.Throw<VerbSettingsException>(() => ClusterRules.Check(Node, new StorageOptions { Kind = kind })).Message
            .ShouldBe("Verb:Cluster:Listen = \"10.0.0.1:4000\": needs Verb:Storage:Kind=postgres: the nodes of a cluster share one database");

    [Fact]
    public void The_secret_is_needed_and_long_and_never_shown()
    {
        Refused(Node with { Secret = null })
            .ShouldBe("Verb:Cluster:Secret: is needed with Verb:Cluster:Listen; must be a text of at least 16 characters");
        Refused(Node with { Secret = "0123456789abcde" }).ShouldBe("Verb:Cluster:Secret: must be at least 16 characters long");
        Node.ToString().ShouldNotContain(Secret);
        new VerbOptions { Cluster = Node }.ToString().ShouldNotContain(Secret);
    }

    [Fact]
    public void Names_are_1_to_64_characters_without_control_characters()
    {
        var name = new string('n', 64);
        ClusterRules.Check(Node with { NodeId = name, Name = name }, Postgres);
        Refused(Node with { NodeId = name + "n" }).ShouldContain("Verb:Cluster:NodeId = ");
        Refused(Node with { Name = "a\tb" }).ShouldBe("Verb:Cluster:Name = \"a b\": must be 1 to 64 characters, none of them a control character");
        Should.Throw<VerbSettingsException>(() => Read(("Name", ""))).Message.ShouldBe("Verb:Cluster:Name = \"\": must be a text that is not empty");
    }

    private static StorageOptions Postgres => new() { Kind = StorageKind.Postgres };

    private static string Refused(ClusterOptions cluster) => Should.Throw<VerbSettingsException>(() => ClusterRules.Check(cluster, Postgres)).Message;

    private static VerbOptions Read(params (string Key, string Value)[] settings) => VerbSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Verb:Cluster:{s.Key}", (string?)s.Value))).Build());
}
