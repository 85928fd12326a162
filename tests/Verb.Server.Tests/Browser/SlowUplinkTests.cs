using System.Text.Json;
using Verb.Server.Testing.Lines;
using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Browser;

/// <summary>A real browser uploads over a real line that is slow; with virtual time, and for longer, <c>slow-uplink.test.js</c> does.</summary>
[Collection(nameof(BrowserTests))]
public sealed class SlowUplinkTests(DemoHub hub) : IDisposable
{
    /// <summary>
    /// Uploads, and asks and speaks all the while. What passes on a line of a known rate is its clock: <c>most</c> is how much of the file arrived
    /// between a question and its answer.
    /// </summary>
    private const string Upload =
        """
        async ({ size, room }) => {
          const { VerbClient } = await import('/js/verb/verb.js');
          const client = new VerbClient();
          let [connections, arrived, most, answers, replies] = [0, 0, 0, 0, 0];
          client.on('connected', () => connections++);
          await client.connect();
          await client.joinRoom(room);
          const bytes = new Uint8Array(size); // Of noise: the line is not spared by compression.
          for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
          let over = false;
          const asking = async () => {
            for (; !over; answers++) {
              const before = arrived;
              await client.request('ping');
              most = Math.max(most, arrived - before);
              await new Promise((resolve) => setTimeout(resolve, 100));
            }
          };
          const speaking = async () => {
            for (; !over; replies++) {
              await client.sendMessage(room, 'meanwhile');
              await new Promise((resolve) => setTimeout(resolve, 300));
            }
          };
          const upload = client.upload(new File([bytes], 'a.bin'), { onProgress: ({ sent }) => { arrived = sent; } });
          const talk = Promise.all([asking(), speaking()]);
          const uploaded = await upload;
          const [answered, replied] = [answers, replies];
          over = true;
          await talk;
          client.disconnect();
          const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
          const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
          return { connections, most, answered, replied, arrived, isWhole: uploaded.sha256 === sha256 };
        }
        """;

    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(160, 1.0, 96 * 1024)]
    [InlineData(800, 0.2, 384 * 1024)]
    public async Task An_upload_over_a_slow_line_arrives_once_and_nothing_said_meanwhile_waits_for_long(int kilobits, double queue, int size)
    {
        await using var server = await ServerProcess.StartAsync(_folder, DemoHub.Development);
        await using var line = SlowUplink.To(server.Address, kilobits, TimeSpan.FromSeconds(queue));
        await using var ada = await Person.EnterAsync(hub.Browser, line.Address, "Ada", "far out");

        var told = await ada.Page.EvaluateAsync<JsonElement>(Upload, new { size, room = "far out" });

        told.GetProperty("isWhole").GetBoolean().ShouldBeTrue();
        told.GetProperty("arrived").GetInt32().ShouldBe(size);
        told.GetProperty("connections").GetInt32().ShouldBe(1);
        var bytesInTwoSeconds = kilobits * 1000 / 8 * 2;
        told.GetProperty("most").GetInt32().ShouldBeLessThan(bytesInTwoSeconds);
        told.GetProperty("answered").GetInt32().ShouldBeGreaterThan(1);
        told.GetProperty("replied").GetInt32().ShouldBeGreaterThan(1);
        Directory.GetDirectories(Path.Combine(_folder.Uploads, "stored")).Length.ShouldBe(1);
    }
}
