using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Speedup.Cli.Examples;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup example</c>: the examples of NNI's documentation.</summary>
internal sealed class ExampleCommand(Terminal terminal, GlobalOptions global)
{
    private const string All = "all";

    private readonly Argument<string> _name = new("name") { Description = "Which example; all runs every one" };
    private readonly ExampleOptions _options = new();

    public Command Create()
    {
        _name.AcceptOnlyFromAmong([.. ExampleCatalog.All.Select(example => example.Name), All]);
        var command = new Command(
            "example",
            "Runs the examples of NNI's documentation on the weights and masks that ship with the tool; 'fashion' trains, prunes and speeds up"
        )
        {
            _name,
        };
        foreach (Option option in _options.All)
            command.Add(option);
        command.Add(new FashionCommand(terminal, global).Create());
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string name = parsed.GetRequiredValue(_name);
        ExampleSettings settings = _options.Read(parsed);
        if (name == All && (settings.Masks ?? settings.Weights) is not null)
            throw new UsageException("--masks and --weights fit one network: name the example instead of 'all'.");
        DeviceOption.Resolve(settings.Device); // before any work is done for a device that is not there
        var progress = new ProgressLine(terminal, parsed.GetValue(global.Quiet));
        using IHost host = progress.Run("loading plugins", () => ToolHost.Build(parsed, global));
        var runner = host.Services.GetRequiredService<ExampleRunner>();
        bool json = parsed.GetValue(global.Json);
        var results = new List<ExampleJson>();
        foreach (ExampleDefinition example in ExampleCatalog.All.Where(example => name == All || name == example.Name))
        {
            ExampleResult result = progress.Run(
                example.Name,
                (ProgressLine.Detail detail) => runner.Run(example, settings, detail, cancellation)
            );
            if (json)
                results.Add(ExampleJson.Of(result));
            else
                new ExampleRenderer(terminal.Console).Render(result);
        }
        if (json && name == All)
            JsonOutput.Write(terminal.Output, results);
        else if (json)
            JsonOutput.Write(terminal.Output, results.Single());
        return ExitCode.Success;
    }
}
