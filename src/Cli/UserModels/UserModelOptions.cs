using System.CommandLine;
using Speedup.Cli.Terminals;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace Speedup.Cli.UserModels;

/// <summary>The options that name a model of the user's, its weights and its inputs.</summary>
internal sealed class UserModelOptions
{
    private const string NoModel = "A model is named by --assembly, and by one of --type and --factory.";

    private readonly Option<FileInfo> _assembly = new("--assembly") { Description = "Assembly of a model of yours", HelpName = "DLL" };

    private readonly Option<string?> _type = new("--type") { Description = "Full name of its class", HelpName = "NAMESPACE.CLASS" };

    private readonly Option<string?> _factory = new("--factory")
    {
        Description = "In place of --type: a static method that returns the model",
        HelpName = "NAMESPACE.CLASS.METHOD",
    };

    private readonly Option<string?> _args = new("--args")
    {
        Description = "Arguments of the constructor or factory that have no default value, or another one: {\"classes\": 10} or [10]",
        HelpName = "JSON",
    };

    private readonly Option<FileInfo> _weights = new("--weights")
    {
        Description = "Weights to load into it (.pth or .safetensors) [default: those of its constructor]",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _input = new("--input")
    {
        Description = "Shape of an input, with type and range if need be: 1x3x224x224, 1x16:int64:0..30000; once per input",
        HelpName = "SHAPE",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Creates the options.</summary>
    public UserModelOptions()
    {
        _assembly.AcceptExistingOnly();
        _weights.AcceptExistingOnly();
        _input.Validators.Add(result =>
        {
            foreach (string? text in result.Tokens.Select(token => token.Value).Where(text => InputSpecification.TryParse(text) is null))
                result.AddError($"--input '{text}' is not a shape such as 1x3x224x224, 1x16:int64 or 1x16:int64:0..30000.");
        });
    }

    /// <summary>What of files with tensors is read, and under which names.</summary>
    public TensorFileChoice Files { get; } = new();

    /// <summary>All options, in the order of the help text.</summary>
    public IEnumerable<Option> All => [.. Naming, _weights, _input, .. Files.All];

    /// <summary>The one that names the assembly.</summary>
    public Option Assembly => _assembly;

    /// <summary>Those that name the model alone.</summary>
    public IEnumerable<Option> Naming => [_assembly, _type, _factory, _args];

    /// <summary>Whether the command line names a model.</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetValue(_assembly) is not null;

    /// <summary>Builds the model, in evaluation mode, with its weights; it belongs to the caller.</summary>
    /// <exception cref="UsageException">An option is missing, or there are two that exclude each other.</exception>
    public nn.Module Load(ParseResult parsed) => Load(parsed, LoadAssembly(parsed));

    /// <summary>As above, of an assembly that is loaded: methods of it then know the model's class.</summary>
    public nn.Module Load(ParseResult parsed, UserAssembly assembly)
    {
        string? type = parsed.GetValue(_type);
        string? factory = parsed.GetValue(_factory);
        if (type is null == factory is null)
            throw new UsageException(NoModel);
        var arguments = new CallArguments(parsed.GetValue(_args));
        nn.Module model = type is null
            ? UserModelLoader.LoadByFactory(assembly, factory!, arguments)
            : UserModelLoader.Load(assembly, type, arguments);
        model.eval();
        if (parsed.GetValue(_weights) is { } weights)
            StateDictFile.LoadInto(model, weights.FullName, Files.OfWeights(parsed));
        return model;
    }

    /// <summary>Loads the assembly alone.</summary>
    /// <exception cref="UsageException">None is named.</exception>
    public UserAssembly LoadAssembly(ParseResult parsed) =>
        parsed.GetValue(_assembly) is { } assembly ? new UserAssembly(assembly.FullName) : throw new UsageException(NoModel);

    /// <summary>Makes the example inputs.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    public Tensor[] CreateInputs(ParseResult parsed) =>
        parsed.GetValue(_input) is { Length: > 0 } shapes
            ? [.. shapes.Select(shape => InputSpecification.TryParse(shape)!.Create())]
            : throw new UsageException("--input is missing: the shape of each input, such as 1x3x224x224.");
}
