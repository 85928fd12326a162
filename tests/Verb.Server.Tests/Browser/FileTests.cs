using System.Security.Cryptography;
using Microsoft.Playwright;

namespace Verb.Server.Tests.Browser;

[Collection(nameof(BrowserTests))]
public sealed class FileTests(DemoHub hub)
{
    /// <summary>More than the hub takes of one connection within a second: the upload lasts long enough to be seen.</summary>
    private const int Size = 4 * 1024 * 1024;

    [Fact]
    public async Task A_file_is_uploaded_with_a_progress_bar_and_read_back_by_another()
    {
        var bytes = RandomNumberGenerator.GetBytes(Size);
        await using var ada = await hub.EnterAsync("Ada", "files");
        await using var ben = await hub.EnterAsync("Ben", "files");
        var moves = Assertions.Expect(ada["upload-progress"]).Not.ToHaveAttributeAsync("value", "0");
        var ends = ada.Expect("upload-progress").ToHaveAttributeAsync("max", $"{Size}");

        await ada["file-input"].SetInputFilesAsync(hub.PutFile("notes & figures.bin", bytes));
        await moves;
        await ends;
        await Assertions.Expect(ben["file-link"]).ToContainTextAsync("notes & figures.bin");
        await Assertions.Expect(ada["upload"]).ToHaveCountAsync(0);
        var download = await ben.Page.RunAndWaitForDownloadAsync(() => ben["file-link"].ClickAsync());
        download.SuggestedFilename.ShouldBe("notes & figures.bin");
        File.ReadAllBytes(await download.PathAsync()).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public async Task An_upload_that_is_cancelled_posts_nothing_and_the_next_one_passes()
    {
        await using var ada = await hub.EnterAsync("Ada", "second thoughts");

        await ada["file-input"].SetInputFilesAsync(hub.PutFile("long.bin", new byte[Size]));
        await Assertions.Expect(ada["upload-progress"]).Not.ToHaveAttributeAsync("value", "0");
        await ada["upload-cancel"].ClickAsync();
        await ada.Expect("upload-problem").ToHaveTextAsync("The upload was cancelled.");
        await ada["upload-dismiss"].ClickAsync();
        await ada["file-input"].SetInputFilesAsync(hub.PutFile("short.txt", "short"u8.ToArray()));

        await Assertions.Expect(ada["file-link"]).ToHaveCountAsync(1);
        await ada.Expect("file-link").ToContainTextAsync("short.txt");
    }
}
