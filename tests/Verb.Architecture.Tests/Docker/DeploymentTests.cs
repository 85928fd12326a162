using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Verb.Architecture.Tests.Docs;
using Verb.Gateway.Settings;

namespace Verb.Architecture.Tests.Docker;

/// <summary>What stands in <c>docker/</c> fits the hub: no Docker engine is needed to see it.</summary>
public sealed partial class DeploymentTests
{
    private const string Dockerfile = "docker/Dockerfile";
    private const string Compose = "docker/compose.yaml";
    private const string Kubernetes = "docker/kubernetes.yaml";

    public static TheoryData<string> FilesWithSettings => [Dockerfile, Compose, Kubernetes, "cluster.sh"];

    public static TheoryData<string> FilesWithMetrics => ["docker/grafana/dashboards/verb.json", "docker/prometheus/alerts.yml"];

    public static TheoryData<string> YamlFiles =>
        [.. Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "docker"), "*.y*ml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(SourceTree.Root, file))];

    [Theory]
    [MemberData(nameof(FilesWithSettings))]
    public void Every_setting_that_is_named_exists(string path)
    {
        var names = SettingNames.In(SourceTree.Read(path)).ToList();
        names.ShouldNotBeEmpty();
        names.Where(name => !SettingNames.Exists(name)).ShouldBeEmpty(path);
    }

    [Theory]
    [MemberData(nameof(FilesWithMetrics))]
    public void Every_metric_that_is_shown_is_documented(string path)
    {
        var documented = Page.At("docs/metrics.md").Rows().Select(row => row[0].Trim('`')).ToHashSet();
        var shown = Metrics().Matches(SourceTree.Read(path)).Select(match => match.Value).Distinct().ToList();
        shown.ShouldNotBeEmpty();
        shown.Where(metric => !documented.Contains(metric)).ShouldBeEmpty(path);
    }

    [Theory]
    [MemberData(nameof(YamlFiles))]
    public void Every_file_of_yaml_can_be_read(string path) => PlainYaml.Read(SourceTree.Read(path)).ShouldNotBeEmpty();

    [Fact]
    public void The_image_restores_the_projects_that_the_server_is_made_of()
    {
        HashSet<string> needed = [];
        Collect("src/Verb.Server/Verb.Server.csproj", needed);
        var copied = Sources().Where(source => source.EndsWith(".csproj", StringComparison.Ordinal));
        copied.Order().ShouldBe(needed.Order());
    }

    [Fact]
    public void Whatever_the_image_copies_is_there_and_not_ignored()
    {
        var ignored = SourceTree.Read(".dockerignore").Split('\n');
        ignored.ShouldContain("*");
        foreach (var source in Sources())
        {
            var path = Path.Combine(SourceTree.Root, source);
            (File.Exists(path) || Directory.Exists(path)).ShouldBeTrue($"{Dockerfile} copies {source}, which is not there");
            ignored.ShouldContain($"!{source.Split('/')[0]}", $"{source} does not reach the build");
        }
    }

    [Fact]
    public void The_image_runs_as_a_user_without_rights_and_is_watched_without_a_shell()
    {
        var text = SourceTree.Read(Dockerfile);
        text.ShouldContain("\nUSER 1654\n");
        text.ShouldContain("""CMD ["dotnet", "Verb.Server.dll", "healthcheck"]""");
        text.ShouldContain("""ENTRYPOINT ["dotnet", "Verb.Server.dll"]""");
    }

    [Fact]
    public void Compose_refers_only_to_what_there_is()
    {
        var compose = PlainYaml.Read(SourceTree.Read(Compose))[0];
        compose.Keys.Where(key => !key.StartsWith("x-", StringComparison.Ordinal)).ShouldBe(["services", "volumes"]);
        var services = Mapping(compose["services"]);
        services.Keys.ShouldBe(["node-1", "node-2", "node-3", "balancer", "postgres", "prometheus", "grafana"]);
        foreach (var service in services.Values.Select(Mapping))
        {
            service["image"].ShouldBeOfType<string>();
            if (service.TryGetValue("depends_on", out var others))
                (others as List<object> ?? [.. Mapping(others).Keys]).ShouldBeSubsetOf(services.Keys);
            foreach (string volume in service.TryGetValue("volumes", out var volumes) ? (List<object>)volumes : [])
            {
                var source = volume.Split(':')[0];
                if (source.StartsWith("./", StringComparison.Ordinal))
                    Path.Exists(Path.Combine(SourceTree.Root, "docker", source)).ShouldBeTrue(volume);
                else
                    Mapping(compose["volumes"]).ContainsKey(source).ShouldBeTrue(volume);
            }
        }
    }

    [Fact]
    public void Each_node_of_compose_has_a_name_of_its_own_and_is_dialled_by_it()
    {
        var services = Mapping(PlainYaml.Read(SourceTree.Read(Compose))[0]["services"]);
        foreach (var name in new[] { "node-1", "node-2", "node-3" })
        {
            var settings = Mapping(Mapping(services[name])["environment"]);
            settings["Verb__Cluster__NodeId"].ShouldBe(name);
            settings["Verb__Cluster__Advertise"].ShouldBe($"{name}:4000");
            settings["Verb__Cluster__Listen"].ShouldBe("*:4000");
            SourceTree.Read("docker/haproxy/haproxy.cfg").ShouldContain($"server {name} {name}:3000");
            SourceTree.Read("docker/prometheus/prometheus.yml").ShouldContain($"- {name}:3000");
        }
    }

    /// <summary>Grace, the closes and 50 s more, as the operations page says.</summary>
    [Fact]
    public void Compose_and_Kubernetes_wait_for_a_drain()
    {
        var options = new VerbOptions();
        var drain = options.Drain.Grace.TotalSeconds + (double)options.Limits.Connections / options.Drain.ClosesPerSecond + 50;
        var node = Mapping(PlainYaml.Read(SourceTree.Read(Compose))[0]["x-node"]);
        ((string)node["stop_grace_period"]).ShouldEndWith("s");
        double.Parse(((string)node["stop_grace_period"])[..^1], CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(drain);

        var set = Mapping(PlainYaml.Read(SourceTree.Read(Kubernetes))[3]["spec"]);
        var pod = Mapping(Mapping(set["template"])["spec"]);
        double.Parse((string)pod["terminationGracePeriodSeconds"], CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(drain + 5);
    }

    [Fact]
    public void The_manifest_refers_only_to_what_it_holds()
    {
        var documents = PlainYaml.Read(SourceTree.Read(Kubernetes));
        documents.Select(document => document["kind"]).ShouldBe(
            ["Secret", "Service", "Service", "StatefulSet", "PodDisruptionBudget", "NetworkPolicy"]);
        var secret = Mapping(documents[0]["stringData"]);
        secret.Values.ShouldAllBe(value => value.Equals(""));
        var set = Mapping(documents[3]["spec"]);
        var pod = Mapping(Mapping(set["template"])["spec"]);
        var container = Mapping(((List<object>)pod["containers"]).ShouldHaveSingleItem());
        var ports = ((List<object>)container["ports"]).Select(port => (string)Mapping(port)["name"]).ToList();
        var headless = Mapping(documents[1]["metadata"])["name"];

        set["serviceName"].ShouldBe(headless);
        Mapping(documents[1]["spec"])["clusterIP"].ShouldBe("None");
        foreach (var probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
            ports.ShouldContain((string)Mapping(Mapping(container[probe])["httpGet"])["port"]);
        Mapping(Mapping(container["readinessProbe"])["httpGet"])["path"].ShouldBe("/health/ready");
        Mapping(Mapping(container["livenessProbe"])["httpGet"])["path"].ShouldBe("/health/live");
        var settings = ((List<object>)container["env"]).Select(Mapping).ToDictionary(setting => (string)setting["name"]);
        settings["Verb__Cluster__Advertise"]["value"].ShouldBe($"$(POD_NAME).{headless}:4000");
        foreach (var source in settings.Values.Where(setting => setting.ContainsKey("valueFrom")).Select(setting => Mapping(setting["valueFrom"])))
        {
            if (source.TryGetValue("secretKeyRef", out var reference))
                secret.Keys.ShouldContain((string)Mapping(reference)["key"]);
        }

        ((List<object>)container["volumeMounts"]).Select(mount => Mapping(mount)["name"])
            .ShouldBe(((List<object>)pod["volumes"]).Select(volume => Mapping(volume)["name"]));
        Mapping(container["securityContext"])["readOnlyRootFilesystem"].ShouldBe("true");
        Mapping(pod["securityContext"])["runAsUser"].ShouldBe("1654");
    }

    [Fact]
    public void Every_secret_is_asked_for_and_none_is_given()
    {
        var asked = Variables().Matches(SourceTree.Read(Compose)).Select(match => match.Groups[1].Value).Distinct();
        var given = SourceTree.Read("docker/.env.example").Split('\n').Where(line => line.Contains('=') && line[0] != '#').Select(line => line.Split('=')).ToList();
        given.Select(pair => pair[0]).Except(["COMPOSE_PROJECT_NAME"]).Order().ShouldBe(asked.Order());
        given.Where(pair => pair[0] != "COMPOSE_PROJECT_NAME").ShouldAllBe(pair => pair[1] == "");
    }

    [Fact]
    public void The_dashboard_has_panels_that_say_what_they_show()
    {
        using var dashboard = JsonDocument.Parse(SourceTree.Read("docker/grafana/dashboards/verb.json"));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        panels.Select(panel => panel.GetProperty("id").GetInt32()).ShouldBeUnique();
        var graphs = panels.Where(panel => panel.GetProperty("type").GetString() == "timeseries").ToList();
        graphs.ShouldNotBeEmpty();
        graphs.ShouldAllBe(panel => panel.GetProperty("description").GetString()!.Length > 0 && panel.GetProperty("targets").GetArrayLength() > 0);
    }

    [Theory]
    [InlineData("a:\n  b: 1\n   c: 2")]
    [InlineData("a:\nb: 1")]
    [InlineData("a: \"open")]
    [InlineData("a: {b: 1}")]
    [InlineData("just words")]
    [InlineData("a: 1\n  - b")]
    public void What_is_not_plain_yaml_is_refused(string text) => Should.Throw<FormatException>(() => PlainYaml.Read(text));

    private static Dictionary<string, object> Mapping(object value) => value.ShouldBeOfType<Dictionary<string, object>>();

    /// <summary>What the image copies out of the repository.</summary>
    private static IEnumerable<string> Sources() => SourceTree.Read(Dockerfile).Split('\n')
        .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))
        .SelectMany(line => line.Split(' ')[1..^1]);

    private static void Collect(string project, HashSet<string> found)
    {
        if (!found.Add(project))
            return;
        foreach (var reference in XDocument.Parse(SourceTree.Read(project)).Descendants("ProjectReference"))
        {
            var full = Path.GetFullPath(Path.Combine(SourceTree.Root, Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value));
            Collect(Path.GetRelativePath(SourceTree.Root, full), found);
        }
    }

    [GeneratedRegex(@"\bverb_[a-z_]+")]
    private static partial Regex Metrics();

    [GeneratedRegex(@"\$\{(\w+)")]
    private static partial Regex Variables();
}
