using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Speedup.Cli.Examples;
using Speedup.Cli.Hosting;
using Speedup.Cli.Rendering;
using Speedup.Cli.UserModels;
using Speedup.Core.Graph;
using Speedup.Core.Pipeline;
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

    private readonly Option<FileInfo> _assembly = new("--assembly") { Description = "Assembly of a model of yours", HelpName = "DLL" };

    private readonly Option<string?> _type = new("--type")
    {
        Description = "Full name of its class, which has a parameterless constructor",
        HelpName = "NAMESPACE.CLASS",
    };

    private readonly Option<string[]> _input = new("--input")
    {
        Description = "Shape of an input, such as 1,3,224,224 or 1,16:int64; once per input",
        HelpName = "SHAPE",
        Arity = ArgumentArity.OneOrMore,
    };

    public Command Create()
    {
        _network.AcceptOnlyFromAmong([.. NetworkCatalog.All.Select(network => network.Name)]);
        _assembly.AcceptExistingOnly();
        _input.Validators.Add(result =>
        {
            foreach (string? text in result.Tokens.Select(token => token.Value).Where(text => InputSpecification.TryParse(text) is null))
                result.AddError($"--input '{text}' is not a shape such as 1,3,224,224 or 1,16:int64.");
        });
        var command = new Command("graph", "Prints the traced graph of a model") { _network, _assembly, _type, _input };
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed), cancellation));
        return command;
    }

    private int Run(ParseResult parsed)
    {
        using var scope = NewDisposeScope();
        var (model, inputs) = Load(parsed);
        using IHost host = ToolHost.Build(parsed, global, model: model);
        ModelGraph graph = host.Services.GetRequiredService<IModelSpeedup>().Trace(model, inputs);
        if (parsed.GetValue(global.Json))
            JsonOutput.Write(terminal.Output, GraphJson.Of(graph));
        else
            new GraphRenderer(terminal.Console).Render(graph);
        return ExitCode.Success;
    }

    private (nn.Module Model, Tensor[] Inputs) Load(ParseResult parsed)
    {
        FileInfo? assembly = parsed.GetValue(_assembly);
        if (parsed.GetValue(_network) is { } name)
        {
            if (assembly is not null)
                throw new UsageException("Name a network of the examples, or an --assembly, not both.");
            NetworkDefinition network = NetworkCatalog.All.Single(network => network.Name == name);
            return (network.Create(network.DataWidthDivisor), [randn(network.InputShapeOf(1))]);
        }
        if (assembly is null || parsed.GetValue(_type) is not { } type || parsed.GetValue(_input) is not { Length: > 0 } shapes)
            throw new UsageException("Name a network of the examples, or all of --assembly, --type and --input.");
        return (UserModelLoader.Load(assembly.FullName, type), [.. shapes.Select(shape => InputSpecification.TryParse(shape)!.Create())]);
    }
}
