using Plugins.Tests.Support;
using Speedup.Abstractions;
using Speedup.Core.Plugins;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Plugins.Tests.Loading;

public sealed class HandlerRegistryTests
{
    [Fact]
    public void FindModuleHandler_DerivedTypes_NearestBaseClassWins()
    {
        var general = new StubModuleHandler(typeof(Module));
        var near = new StubModuleHandler(typeof(Middle));
        var registry = new HandlerRegistry([general, near], []);

        Assert.Same(near, registry.FindModuleHandler(typeof(Middle)));
        Assert.Same(near, registry.FindModuleHandler(typeof(Leaf)));
        Assert.Same(general, registry.FindModuleHandler(typeof(TorchSharp.Modules.Conv2d)));
    }

    [Fact]
    public void With_FurtherHandlers_GoFirstAndLeaveTheRest()
    {
        var first = new StubModuleHandler(typeof(Middle), typeof(TorchSharp.Modules.Conv2d));
        var further = new StubModuleHandler(typeof(Middle));
        var registry = new HandlerRegistry([first], []);

        HandlerRegistry result = registry.With([further], []);

        Assert.Same(further, result.FindModuleHandler(typeof(Middle)));
        Assert.Same(first, result.FindModuleHandler(typeof(TorchSharp.Modules.Conv2d)));
        Assert.Same(first, registry.FindModuleHandler(typeof(Middle)));
    }

    [Fact]
    public void FindModuleHandler_ExactType_BeatsTheBaseClass()
    {
        var middle = new StubModuleHandler(typeof(Middle));
        var leaf = new StubModuleHandler(typeof(Leaf));

        Assert.Same(leaf, new HandlerRegistry([middle, leaf], []).FindModuleHandler(typeof(Leaf)));
    }

    [Fact]
    public void FindModuleHandler_OpenGenericType_MatchesEveryConstructedOne()
    {
        var open = new StubModuleHandler(typeof(Wrapper<>));
        var closed = new StubModuleHandler(typeof(Wrapper<Leaf>));
        var registry = new HandlerRegistry([open, closed], []);

        Assert.Same(open, registry.FindModuleHandler(typeof(Wrapper<Middle>)));
        Assert.Same(open, registry.FindModuleHandler(typeof(MiddleWrapper)));
        Assert.Same(closed, registry.FindModuleHandler(typeof(Wrapper<Leaf>)));
    }

    [Fact]
    public void FindModuleHandler_NobodyClaimsIt_IsNull()
    {
        var registry = new HandlerRegistry([new StubModuleHandler(typeof(Leaf))], []);

        Assert.Null(registry.FindModuleHandler(typeof(Middle)));
        Assert.Null(registry.FindModuleHandler(typeof(string)));
    }

    [Fact]
    public void FindFunctionHandler_AnyOverload_IsFound()
    {
        var handler = new StubFunctionHandler(new FunctionKey(typeof(Tensor), nameof(Tensor.sum)));
        var registry = new HandlerRegistry([], [handler]);

        Assert.All(
            typeof(Tensor).GetMethods().Where(method => method.Name == nameof(Tensor.sum)),
            overload => Assert.Same(handler, registry.FindFunctionHandler(overload))
        );
        Assert.Null(registry.FindFunctionHandler(typeof(Tensor).GetMethods().First(method => method.Name == nameof(Tensor.mean))));
    }

    [Fact]
    public void Constructor_FunctionThatDoesNotExist_Throws()
    {
        var error = Assert.Throws<SpeedupException>(() =>
            new HandlerRegistry([], [new StubFunctionHandler(new FunctionKey(typeof(Tensor), "sqeeze"))])
        );

        Assert.Equal("SPD5031", error.Code);
        Assert.Contains("torch+Tensor.sqeeze", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(StubFunctionHandler), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_TwoHandlersForOneType_Throws()
    {
        var error = Assert.Throws<SpeedupException>(() =>
            new HandlerRegistry([new StubModuleHandler(typeof(Leaf)), new StubModuleHandler(typeof(Leaf))], [])
        );

        Assert.Equal("SPD5026", error.Code);
        Assert.Contains("Leaf", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_ImpossibleType_Throws()
    {
        var error = Assert.Throws<SpeedupException>(() => new HandlerRegistry([new StubModuleHandler(typeof(int))], []));

        Assert.Contains("System.Int32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OwnerOf_HandlersOfHostAndPlugins_NamesThePlugins()
    {
        using var folder = new PluginFolder("AlphaConv");
        var own = new StubModuleHandler(typeof(TorchSharp.Modules.Conv2d));

        var registry = new HandlerRegistry([own], [], folder.Load().Claims);

        Assert.Same(own, registry.FindModuleHandler(typeof(TorchSharp.Modules.Conv2d)));
        Assert.Null(registry.OwnerOf(own));
        Assert.Equal("AlphaConv", registry.OwnerOf(registry.FindModuleHandler(typeof(TorchSharp.Modules.BatchNorm2d))!));
    }

    private class Middle() : Module<Tensor, Tensor>("middle")
    {
        public override Tensor forward(Tensor input) => input;
    }

    private sealed class Leaf : Middle;

    private class Wrapper<T>() : Module<Tensor, Tensor>(typeof(T).Name)
    {
        public override Tensor forward(Tensor input) => input;
    }

    private sealed class MiddleWrapper : Wrapper<Middle>;
}
