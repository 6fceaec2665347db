using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Speedup.Abstractions;
using Speedup.Core.Hosting;
using Speedup.Core.Plugins;
using Speedup.TestKit.Operators;
using Speedup.TestKit.Reports;
using Speedup.TestKit.Subjects;
using static TorchSharp.torch;

namespace Speedup.TestKit;

/// <summary>
/// Tests the handlers of plugins: puts what they handle into small networks with random masks, runs the engine, and holds the result
/// against the masked network and against brute force.
/// </summary>
/// <example>
/// <code>
/// using PluginKit kit = PluginKit.For(new MyPlugin());
/// kit.Module(() => nn.Tanhshrink(), 2, 8, 5, 5).OtherSizes([3, 8, 7, 5]).Run(cases: 200, seed: 1).ThrowIfFailed();
/// </code>
/// </example>
public sealed class PluginKit : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly HandlerRegistry _handlers;

    private PluginKit(ServiceProvider services)
    {
        _services = services;
        _handlers = services.GetRequiredService<HandlerRegistry>();
    }

    /// <summary>Takes handlers from entry classes, without folders and load contexts.</summary>
    /// <exception cref="SpeedupException">Two of them are for one module type or function.</exception>
    public static PluginKit For(params IReadOnlyList<ISpeedupPlugin> plugins)
    {
        ArgumentNullException.ThrowIfNull(plugins);
        IServiceCollection services = new ServiceCollection().AddLogging();
        foreach (ISpeedupPlugin plugin in plugins)
            plugin.ConfigureServices(services);
        services.AddSingleton(provider => new HandlerRegistry(
            provider.GetServices<IModuleHandler>(),
            provider.GetServices<IFunctionHandler>()
        ));
        return Create(services);
    }

    /// <summary>Takes the plugins of a folder, as a host does.</summary>
    /// <param name="directory">The folder that holds one folder a plugin.</param>
    /// <exception cref="KitException">One of them does not load.</exception>
    public static PluginKit ForFolder(string directory)
    {
        PluginKit kit = Create(new ServiceCollection().AddSpeedup(options => options.Plugins.Directory = directory));
        IReadOnlyList<PluginFailure> failures = kit._services.GetRequiredService<IPluginCatalog>().Failures;
        if (failures.Count == 0)
            return kit;
        kit.Dispose();
        string list = string.Join(" ", failures.Select(failure => $"'{failure.Name}' {failure.Code}: {failure.Message}"));
        throw new KitException($"Not every plugin in '{directory}' loads. {list}");
    }

    /// <summary>Tests a module with one input and one output.</summary>
    /// <param name="create">Creates it; called many times. Parameters and buffers are then given random values.</param>
    /// <param name="shape">The traced shape of its input.</param>
    public KitSubject Module(Func<nn.Module<Tensor, Tensor>> create, params long[] shape) =>
        Module(create, (module, inputs) => [module.call(inputs[0])], new KitInput(shape));

    /// <summary>Tests any module; also a small model of several, if the kit has handlers for all.</summary>
    /// <param name="create">Creates it.</param>
    /// <param name="call">Calls it and returns its outputs. Traced like the <c>forward</c> of a model.</param>
    /// <param name="inputs">Its inputs, up to four.</param>
    public KitSubject Module<TModule>(Func<TModule> create, Func<TModule, Tensor[], Tensor[]> call, params IReadOnlyList<KitInput> inputs)
        where TModule : nn.Module
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(call);
        return Subject(null, create, (module, tensors) => call((TModule)module!, tensors), inputs);
    }

    /// <summary>Tests a function of one tensor.</summary>
    /// <param name="name">Its name in reports.</param>
    /// <param name="function">The function. Traced like the <c>forward</c> of a model.</param>
    /// <param name="shape">The traced shape of its input.</param>
    public KitSubject Function(string name, Func<Tensor, Tensor> function, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Subject(name, null, (_, inputs) => [function(inputs[0])], [new KitInput(shape)]);
    }

    /// <summary>Tests a function of up to four tensors.</summary>
    /// <param name="name">Its name in reports.</param>
    /// <param name="function">The function. Traced like the <c>forward</c> of a model.</param>
    /// <param name="inputs">Its inputs.</param>
    public KitSubject Function(string name, Func<Tensor[], Tensor[]> function, params IReadOnlyList<KitInput> inputs)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Subject(name, null, (_, tensors) => function(tensors), inputs);
    }

    /// <summary>Tests the handler of a module alone, on one call without network and engine.</summary>
    /// <param name="create">Creates the module; called once a case, and disposed by the kit. Parameters and buffers are then given random values.</param>
    /// <param name="call">Calls it and returns its outputs.</param>
    /// <param name="inputs">Its inputs, without indices (<see cref="KitInput.IndexLimit"/>).</param>
    /// <exception cref="KitException">The kit has no handler for the module.</exception>
    public OperatorSubject Operator<TModule>(
        Func<TModule> create,
        Func<TModule, Tensor[], Tensor[]> call,
        params IReadOnlyList<KitInput> inputs
    )
        where TModule : nn.Module
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(call);
        return new OperatorSubject(
            typeof(TModule).Name,
            inputs,
            (subject, draw, log) =>
            {
                TModule module = create();
                IModuleHandler handler =
                    _handlers.FindModuleHandler(module.GetType())
                    ?? throw new KitException($"The kit has no handler for {module.GetType()}.");
                return new LoneModule(subject, module, (made, tensors) => call((TModule)made!, tensors), (handler, log), draw);
            }
        );
    }

    /// <summary>Tests the handler of a function alone, on one call without network and engine.</summary>
    /// <param name="method">The function.</param>
    /// <param name="arguments">Its arguments in order, the instance first, with an <see cref="InputRef"/> in place of each input.</param>
    /// <param name="inputs">Its inputs, without indices (<see cref="KitInput.IndexLimit"/>).</param>
    /// <exception cref="KitException">The kit has no handler for the function.</exception>
    public OperatorSubject Operator(MethodInfo method, IReadOnlyList<object?> arguments, params IReadOnlyList<KitInput> inputs)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(arguments);
        IFunctionHandler handler = _handlers.FindFunctionHandler(method) ?? throw new KitException($"The kit has no handler for {method}.");
        IEnumerable<string> names = method.GetParameters().Select(parameter => parameter.Name!);
        return new OperatorSubject(method.Name, inputs, (subject, _, log) => new LoneFunction(subject, method, handler, log))
        {
            Arguments = (method.IsStatic ? names : names.Prepend("this"))
                .Zip(arguments)
                .ToDictionary(argument => argument.First, argument => argument.Second),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _services.Dispose();

    private static PluginKit Create(IServiceCollection services)
    {
        ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            return new PluginKit(provider);
        }
        catch
        {
            provider.Dispose();
            throw;
        }
    }

    private KitSubject Subject(string? name, Func<nn.Module>? create, SubjectCall call, IReadOnlyList<KitInput> inputs)
    {
        if (inputs.Count is 0 or > 4)
            throw new ArgumentException("Between one and four inputs can be tested.", nameof(inputs));
        if (inputs.Any(input => input.OtherShapes.Count != inputs[0].OtherShapes.Count))
            throw new ArgumentException("All inputs need equally many other shapes.", nameof(inputs));
        using nn.Module? sample = create?.Invoke();
        return new KitSubject(
            _handlers,
            new Subject(name ?? sample?.GetType().Name ?? "function", sample?.GetType(), create, call, inputs)
        );
    }
}
