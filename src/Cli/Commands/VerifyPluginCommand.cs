using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Core.Hosting;
using Speedup.Core.Plugins;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup plugins verify</c>: all load checks on one plugin folder, wherever it is, and no other plugin.</summary>
internal sealed class VerifyPluginCommand(Terminal terminal, GlobalOptions global)
{
    private readonly Argument<DirectoryInfo> _folder = new("folder") { Description = "The plugin's folder, which has the name of its DLL" };

    public Command Create()
    {
        var command = new Command(
            "verify",
            "Checks whether a plugin folder would load, and says what is wrong with it; it runs the plugin's code"
        )
        {
            _folder,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        DirectoryInfo folder = parsed.GetValue(_folder)!;
        string path = Path.TrimEndingDirectorySeparator(folder.FullName);
        if (!folder.Exists || Path.GetDirectoryName(path) is not { } parent)
            throw new UsageException($"'{path}' is not a folder within another one.");
        using ServiceProvider services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddSpeedup(options =>
            {
                options.Plugins.Directory = parent;
                options.Plugins.Allowed.Add(Path.GetFileName(path), null);
            })
            .BuildServiceProvider();
        var catalog = services.GetRequiredService<IPluginCatalog>();
        var result = PluginVerificationJson.Of(Path.GetFileName(path), path, catalog);
        if (parsed.GetValue(global.Json))
            JsonOutput.Write(terminal.Output, result);
        else
            Render(result);
        return result.Ok ? ExitCode.Success : ExitCode.Failure;
    }

    private void Render(PluginVerificationJson result)
    {
        foreach (PluginFailureJson failure in result.Failures)
        {
            terminal.Output.WriteLine($"{result.Name}: {failure.Stage}, {failure.Code}: {failure.Message}");
            foreach (string cause in failure.Causes)
                terminal.Output.WriteLine($"  because: {cause}");
        }
        if (result.Plugin is { } plugin)
            terminal.Output.WriteLine(
                $"{result.Name} {plugin.Version} loads: contract {plugin.ContractVersion}, {plugin.ModuleTypes.Count} module types, {plugin.Functions.Count} functions"
            );
        terminal.Output.WriteLine($"SHA-256 of the folder: {result.Fingerprint}");
    }
}
