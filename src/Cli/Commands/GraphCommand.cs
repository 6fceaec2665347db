using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Speedup.Cli.Examples;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.Terminals;
using Speedup.Cli.UserModels;
using Speedup.Core.Graph;
using Speedup.Core.Pipeline;
using Speedup.Core.Plugins;
using static TorchSharp.torch;

namespace Speedup.Cli.Commands;

/// <summary><c>speedup graph</c>: the traced calls of a model.</summary>
internal sealed class GraphCommand(Terminal terminal, GlobalOptions global)
{
    private readonly Argument<string?> _network = new("network")
    {
        Description = "A network of the examples",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly UserModelOptions _model = new();

    public Command Create()
    {
        _network.AcceptOnlyFromAmong([.. NetworkCatalog.All.Select(network => network.Name)]);
        var command = new Command("graph", "Prints the traced graph of a model, and what handles each call") { _network };
        foreach (Option option in _model.All)
            command.Add(option);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var progress = new ProgressLine(terminal, parsed.GetValue(global.Quiet));
        var (model, inputs) = progress.Run("loading the model", () => Load(parsed));
        using IHost host = progress.Run("loading plugins", () => ToolHost.Build(parsed, global, model: model));
        IModelSpeedup engine = host.Services.GetRequiredService<IModelSpeedup>();
        ModelGraph graph = progress.Run("tracing", () => engine.Trace(model, inputs, cancellation));
        var handling = new NodeHandling(host.Services.GetRequiredService<HandlerRegistry>());
        if (parsed.GetValue(global.Json))
            JsonOutput.Write(terminal.Output, GraphJson.Of(graph, handling));
        else
            new GraphRenderer(terminal.Console, handling).Render(graph);
        return ExitCode.Success;
    }

    private (nn.Module Model, Tensor[] Inputs) Load(ParseResult parsed)
    {
        if (parsed.GetValue(_network) is not { } name)
            return _model.AreGiven(parsed)
                ? (_model.Load(parsed), _model.CreateInputs(parsed))
                : throw new UsageException("Name a network of the examples, or a model of yours by --assembly, --type and --input.");
        if (_model.AreGiven(parsed))
            throw new UsageException("Name a network of the examples, or an --assembly, not both.");
        NetworkDefinition network = NetworkCatalog.All.Single(network => network.Name == name);
        return (network.Create(network.DataWidthDivisor), [randn(network.InputShapeOf(1))]);
    }
}
