namespace Verb.Server.Testing.Processes;

/// <summary>Where one server keeps its files, over all its lives; gone with the test.</summary>
internal sealed class ServerFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verb-server-");

    public string Root => _folder.FullName;

    public string Database => Path.Combine(Root, "verb.db");

    public string Uploads => Path.Combine(Root, "uploads");

    public void Dispose() => _folder.Delete(recursive: true);
}
