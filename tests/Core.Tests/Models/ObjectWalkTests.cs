using System.Collections;
using Speedup.Core.Models;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Core.Tests.Models;

/// <summary>Whatever the user's objects hold, walking them takes no stack, and memory in proportion to what may hold a tensor.</summary>
public sealed class ObjectWalkTests
{
    private const int Many = 1_000_000;

    /// <summary>What a walk may allocate for an object, in bytes: places, values and sets of what was seen.</summary>
    private const int Largest = 2000;

    public static TheoryData<string> Kinds => [.. Contents.Keys];

    private static readonly Dictionary<string, Func<object>> Contents = new(StringComparer.Ordinal)
    {
        ["a list of nodes that hold no tensor"] = () => Chain(next => new PlainNode { Next = next }),
        ["a list of nodes that others derive from"] = () => Chain(next => new OpenNode { Next = next }),
        ["a list of nodes with a tensor each"] = () => Chain(next => new TensorNode { Next = (TensorNode?)next }),
        ["a list of readonly nodes"] = () => Chain(next => new ReadOnlyNode(next)),
        ["a list of functions"] = () => Chain(next => (Func<object?>)(() => next)),
        ["a list of tuples"] = () => Chain(next => Tuple.Create(next, 1)),
        ["a list of arrays"] = () => Chain(next => new object?[] { next }),
        ["a vocabulary"] = () => Enumerable.Range(0, Many).ToDictionary(i => $"word {i}", i => i),
        ["words"] = () => Enumerable.Range(0, Many).Select(i => $"word {i}").ToList(),
        ["a set of words"] = () => Enumerable.Range(0, Many).Select(i => $"word {i}").ToHashSet(),
        ["rows of numbers"] = () => Enumerable.Range(0, Many).Select(i => new[] { i, i }).ToArray(),
        ["points"] = () => new (float, float)[Many],
        ["rows of plain objects"] = () => Enumerable.Range(0, Many).Select(_ => new PlainNode()).ToList(),
        ["rows of objects that others derive from"] = () => Enumerable.Range(0, Many).Select(_ => new OpenNode()).ToList(),
        ["boxed numbers"] = () => Enumerable.Range(0, Many).Cast<object>().ToList(),
        ["linked words"] = () => new LinkedList<string>(Enumerable.Range(0, Many).Select(i => $"word {i}")),
        ["linked objects"] = () => new LinkedList<TensorNode>(Enumerable.Range(0, Many / 4).Select(_ => new TensorNode())),
        ["a graph of objects"] = Graph,
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Walk_OfAMillionObjects_TakesNoStackAndLittleMemory(string kind)
    {
        using var model = new Holder(Contents[kind]());

        long inventory = 0;
        long snapshot = 0;
        int modules = 0;
        TimeSpan time = default;
        OnSmallStack(() =>
        {
            var clock = new ThreadClock();
            long before = GC.GetAllocatedBytesForCurrentThread();
            var found = new ModelInventory(model);
            inventory = GC.GetAllocatedBytesForCurrentThread() - before;
            modules = found.Modules.Count();
            using var store = new TensorStore();
            using var state = new StateSnapshot(found, store);
            state.Run(() => true);
            snapshot = GC.GetAllocatedBytesForCurrentThread() - before - inventory;
            time = clock.Elapsed;
        });

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kind}: inventory {inventory >> 20} MB, state {snapshot >> 20} MB, {time.TotalMilliseconds:0} ms"
        );
        Assert.Equal(3, modules);
        Assert.InRange(inventory, 1, (long)Many * Largest);
        Assert.InRange(snapshot, 1, (long)Many * Largest);
    }

    [Fact]
    public void Walk_OfALongChain_FindsTheTensorAndTheModuleAtItsEnd()
    {
        using Tensor end = ones(1);
        using Linear layer = nn.Linear(1, 1);
        var last = new TensorNode { Held = end, Module = layer };
        using var model = new Holder(Chain(next => new TensorNode { Next = (TensorNode?)next }, 1000, last));

        var inventory = new ModelInventory(model);

        Assert.True(inventory.Holds(end));
        Assert.Equal("content" + string.Concat(Enumerable.Repeat(".Next", 1000)) + ".Module", inventory.PathOf(layer));
        Assert.Equal(typeof(nn.Module), inventory.PlacesOf(layer)[0].Type);
    }

    [Fact]
    public void Walk_OfTypesThatSeemToHoldNothing_FindsWhatDerivedOnesHold()
    {
        using Tensor first = ones(1);
        using Tensor second = ones(1);
        using Tensor third = ones(1);
        using Tensor fourth = ones(1);
        object[] content =
        [
            new OpenNode { Next = new DerivedNode { Held = first } },
            new Dictionary<string, OpenNode> { ["a"] = new DerivedNode { Held = second } },
            new List<IEnumerable> { new[] { third } },
            new Lazy<Tensor>(fourth),
        ];
        using var model = new Holder(content);

        var inventory = new ModelInventory(model);

        Assert.All([first, second, third, fourth], tensor => Assert.True(inventory.Holds(tensor)));
        inventory.PlacesOf(second)[0].Set(first);
        Assert.Same(first, ((DerivedNode)((Dictionary<string, OpenNode>)content[1])["a"]).Held);
        Assert.Equal("content[1][a].Held", inventory.PlacesOf(second)[0].Name);
    }

    [Fact]
    public void Run_OfAPassThatWritesToAChain_PutsItBack()
    {
        using Tensor cached = ones(3);
        var last = new TensorNode { Held = cached };
        var counter = new PlainNode { Number = 5 };
        using var model = new Holder(new object[] { Chain(next => new TensorNode { Next = (TensorNode?)next }, 5000, last), counter });
        using var store = new TensorStore();
        using var state = new StateSnapshot(new ModelInventory(model), store);

        state.Run(() =>
        {
            last.Held = null;
            return counter.Number = 7;
        });

        Assert.Same(cached, last.Held);
        Assert.Equal(5, counter.Number);
    }

    [Fact]
    public void Find_InAChainAndInACollectionWithinItself_TakesNoStack()
    {
        using Tensor end = ones(1);
        object chain = Chain(next => new TensorNode { Next = (TensorNode?)next }, Many, new TensorNode { Held = end });
        var list = new List<object> { end };
        list.Add(list);

        OnSmallStack(() =>
        {
            Assert.Same(end, Assert.Single(TensorTypes.Find(chain)));
            Assert.True(TensorTypes.IsTransparent(chain));
            Assert.Same(end, Assert.Single(TensorTypes.Find(list)));
            Assert.Empty(TensorTypes.Find(Contents["words"]()));
        });
    }

    [Fact]
    public void Find_OfWhatIsThereTwice_GivesItTwice()
    {
        using Tensor tensor = ones(1);
        var list = new List<Tensor> { tensor };

        Assert.Equal(3, TensorTypes.Find((list, list, tensor)).Count());
        Assert.Equal([tensor, tensor], TensorTypes.Find(new Dictionary<string, object> { ["a"] = tensor, ["b"] = (1, tensor) }));
    }

    private static object Chain(Func<object?, object> make, int length = Many, object? last = null)
    {
        object? head = last;
        for (int i = 0; i < length; i++)
            head = make(head);
        return head!;
    }

    /// <summary>Each object refers to many others, and they to it.</summary>
    private static object Graph()
    {
        GraphNode[] nodes = [.. Enumerable.Range(0, 1000).Select(_ => new GraphNode())];
        foreach (GraphNode node in nodes)
            node.Others = nodes;
        return nodes[0];
    }

    private static void OnSmallStack(Action run)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    run();
                }
                catch (Exception thrown)
                {
                    failure = thrown;
                }
            },
            256 << 10
        );
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    private sealed class PlainNode
    {
        public PlainNode? Behind;
        public int Number;

        public object? Next
        {
            set => Behind = (PlainNode?)value;
        }
    }

    private class OpenNode
    {
        public object? Next;
    }

    private sealed class DerivedNode : OpenNode
    {
        public Tensor? Held;
    }

    private sealed class TensorNode
    {
        public Tensor? Held;
        public TensorNode? Next;
        public nn.Module? Module;
    }

    private sealed class ReadOnlyNode(object? next)
    {
        public readonly object? Next = next;
    }

    private sealed class GraphNode
    {
        public GraphNode[] Others = [];
        public object Held = 1;
    }

    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(2, 2);
        private readonly Linear second = nn.Linear(2, 2);
        public readonly object content;

        public Holder(object content)
            : base(nameof(Holder))
        {
            this.content = content;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => second.forward(first.forward(input));
    }
}
