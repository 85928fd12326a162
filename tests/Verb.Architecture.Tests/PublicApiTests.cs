using System.Reflection;
using System.Text;

namespace Verb.Architecture.Tests;

/// <summary>
/// The public API of each library stands in a text file beside this one; a change of it is seen in review. To approve a change, run the
/// tests with the environment variable <c>APPROVE=1</c> and commit the files.
/// </summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Verb.Contracts")]
    [InlineData("Verb.Actors")]
    [InlineData("Verb.Storage")]
    [InlineData("Verb.Gateway")]
    [InlineData("Verb.TestKit")]
    [InlineData("Verb.TestKit.Xunit")]
    public void The_public_API_is_the_approved_one(string library)
    {
        var file = Path.Combine(SourceTree.Root, "tests", "Verb.Architecture.Tests", "PublicApi", $"{library}.txt");
        var actual = Describe(Assembly.Load(library));
        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        actual.ShouldBe(File.ReadAllText(file), $"the public API of {library} changed; approve it if it is meant");
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append('\n');
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
                text.Append("  ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(IsSeen)
        .Where(member => member is not Type && !member.Name.Contains('<'))
        .Where(member => member is not MethodInfo { IsSpecialName: true } || member.Name.StartsWith("op_", StringComparison.Ordinal))
        .Select(member => member.ToString()!);

    private static bool IsSeen(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsSeen),
        EventInfo added => added.AddMethod is { } add && IsSeen(add),
        _ => false,
    };
}
