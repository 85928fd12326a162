using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Verb.Architecture.Tests;

public sealed class ReferenceTests
{
    /// <summary>Which project may reference which: the arrows of the architecture page.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Verb.Contracts"] = [],
        ["Verb.Actors"] = ["Verb.Contracts"],
        ["Verb.Storage"] = ["Verb.Actors"],
        ["Verb.Cluster"] = ["Verb.Storage"],
        ["Verb.Gateway"] = ["Verb.Cluster"],
        ["Verb.Server"] = ["Verb.Gateway"],
        ["Verb.TestKit"] = ["Verb.Gateway"],
        ["Verb.TestKit.Xunit"] = ["Verb.TestKit"],
    };

    /// <summary>The packages a library may bring into a host.</summary>
    private static readonly Dictionary<string, string[]> AllowedPackages = new()
    {
        ["Verb.Contracts"] = [],
        ["Verb.Actors"] = ["Akka", "Microsoft.CodeAnalysis.BannedApiAnalyzers"],
        ["Verb.Storage"] = ["Npgsql", "SQLitePCLRaw.bundle_e_sqlite3"],
        ["Verb.Cluster"] = ["Google.Protobuf", "Grpc.Tools", "Npgsql"],
        ["Verb.Gateway"] = ["Akka.Hosting", "Microsoft.IdentityModel.JsonWebTokens"],
        ["Verb.Server"] = [],
    };

    [Fact]
    public void Projects_reference_only_what_the_architecture_allows()
    {
        foreach (var (project, allowed) in Allowed)
        {
            var referenced = Items(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension);
            referenced.ShouldBeSubsetOf(allowed, $"{project} references more than it may");
        }
    }

    [Fact]
    public void Every_project_under_src_is_in_the_picture() =>
        Directory.GetDirectories(Path.Combine(SourceTree.Root, "src")).Select(Path.GetFileName).ShouldBeSubsetOf(Allowed.Keys);

    [Fact]
    public void Libraries_bring_no_other_packages()
    {
        foreach (var (project, allowed) in AllowedPackages)
            Items(project, "PackageReference").ShouldBeSubsetOf(allowed, $"{project} brings a package it should not");
    }

    /// <summary>The mailbox and the timers stand on Akka.NET alone.</summary>
    [Theory]
    [InlineData("Mailboxes")]
    [InlineData("Timing", "Mailboxes")]
    public void What_adds_to_Akka_knows_nothing_of_the_hub(string folder, params string[] others)
    {
        string[] allowed = [.. others.Append(folder).Select(name => $"Verb.Actors.{name}")];
        foreach (var file in SourceTree.CSharp($"src/Verb.Actors/{folder}"))
        {
            var used = Regex.Matches(File.ReadAllText(file), @"\bVerb\.[A-Za-z.]+").Select(match => match.Value).Where(name => name != "Verb.Actors");
            used.ShouldAllBe(name => allowed.Any(name.StartsWith), file);
        }
    }

    [Fact]
    public void Versions_stand_only_in_the_central_file()
    {
        foreach (var project in Directory.EnumerateFiles(SourceTree.Root, "*.csproj", SearchOption.AllDirectories))
        {
            foreach (var package in XDocument.Load(project).Descendants("PackageReference"))
                package.Attribute("Version").ShouldBeNull($"{project} names a version");
        }
    }

    private static IEnumerable<string> Items(string project, string item) => XDocument
        .Load(Path.Combine(SourceTree.Root, "src", project, $"{project}.csproj"))
        .Descendants(item)
        .Select(element => element.Attribute("Include")!.Value);
}
